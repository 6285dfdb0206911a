namespace Pressure.Chaos;

/// <summary>The monkeys that are kept: a plan each, and beside it a mark for those that are to run. Thread-safe.</summary>
/// <param name="folder">Where they lie.</param>
/// <param name="read">Reads the text of one: text and the name that problems call it.</param>
/// <param name="files">How they are changed; null for files of this machine alone.</param>
public sealed class MonkeyShelf(string folder, Func<string, string, MonkeyPlanResult> read, IKeptFiles? files = null)
{
    /// <summary>Most monkeys.</summary>
    public const int Most = 50;

    private readonly IKeptFiles _files = files ?? new OwnFiles();
    private readonly Lock _gate = new();

    /// <summary>Names of all, in order.</summary>
    public IReadOnlyList<string> Names => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, "*.yaml").Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(PlainName.Is).Order(StringComparer.Ordinal)];

    /// <summary>One; null if there is none of this name.</summary>
    public KeptMonkey? Find(string name)
    {
        if (!PlainName.Is(name))
            return null;
        try
        {
            var file = new FileInfo(PathOf(name));
            if (!file.Exists)
                return null;
            if (file.Length > ExperimentShelf.MostBytes)
                return new(name, "", file.LastWriteTimeUtc, new(null, [new(name, 0, 0, "", $"the file has more than {ExperimentShelf.MostBytes / 1024} KiB", "Make it shorter.")]));
            var text = File.ReadAllText(file.FullName);
            return new(name, text, file.LastWriteTimeUtc, Check(text, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(name, "", DateTimeOffset.MinValue, new(null, [new(name, 0, 0, "", e.Message, "Let this user read the file.")]));
        }
    }

    /// <summary>Checks a text as it would be read from here.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name that it is to have; null for whatever it says.</param>
    public MonkeyPlanResult Check(string text, string? name = null)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) > ExperimentShelf.MostBytes)
            return new(null, [new("monkey", 0, 0, "", $"it has more than {ExperimentShelf.MostBytes / 1024} KiB", "Make it shorter.")]);
        var result = read(text, name ?? "monkey");
        if (result.Plan is not { } plan)
            return result;
        if (!PlainName.Is(plan.Name))
            return Misnamed(text, $"'{plan.Name}' is no name for a monkey of the service", $"{PlainName.Rule}.");
        return name is null || plan.Name == name ? result : Misnamed(text, $"it is called {plan.Name}, but is kept as {name}", $"Write name: {name}, or keep it as {plan.Name}.");
    }

    /// <summary>Keeps one, in place of one by its name; everything that is wrong with it, and then nothing changes.</summary>
    /// <param name="name">Its name, which its text says too.</param>
    /// <param name="text">Its text.</param>
    /// <param name="isNew">Whether there must be none of this name yet.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public IReadOnlyList<ExperimentProblem> Keep(string name, string text, bool isNew = false)
    {
        if (Check(text, name) is { Plan: null } wrong)
            return wrong.Problems;
        lock (_gate)
        {
            var exists = File.Exists(PathOf(name));
            if (isNew && exists)
                return Misnamed(text, $"there is a monkey '{name}' already", "Choose another name, or change that one.").Problems;
            Directory.CreateDirectory(folder);
            if (!exists && Names.Count >= Most)
                return Misnamed(text, $"{Most} monkeys are kept already", "Delete one that nobody needs any more.").Problems;
            _files.Write(PathOf(name), text);
        }
        return [];
    }

    /// <summary>Forgets one; false if there is none of this name.</summary>
    /// <exception cref="IOException">It can't be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be deleted.</exception>
    public bool Delete(string name)
    {
        lock (_gate)
        {
            if (!PlainName.Is(name) || !File.Exists(PathOf(name)))
                return false;
            _files.Delete(MarkOf(name));
            _files.Delete(PathOf(name));
            return true;
        }
    }

    /// <summary>Whether one is to run, also after a restart.</summary>
    public bool IsOn(string name) => PlainName.Is(name) && File.Exists(MarkOf(name));

    /// <summary>Says whether one is to run.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public void Mark(string name, bool on)
    {
        lock (_gate)
        {
            if (on)
                _files.Write(MarkOf(name), "");
            else if (Directory.Exists(folder))
                _files.Delete(MarkOf(name));
        }
    }

    private static MonkeyPlanResult Misnamed(string text, string message, string remedy) =>
        new(null, [new("monkey", Array.FindIndex(text.Split('\n'), l => l.StartsWith("name:", StringComparison.Ordinal)) + 1, 1, "name", message, remedy)]);

    private string PathOf(string name) => Path.Combine(folder, $"{name}.yaml");

    private string MarkOf(string name) => Path.Combine(folder, $"{name}.on");
}

/// <summary>A monkey that is kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its text.</param>
/// <param name="ChangedAt">When it was changed last.</param>
/// <param name="Result">What reading it gave.</param>
public sealed record KeptMonkey(string Name, string Text, DateTimeOffset ChangedAt, MonkeyPlanResult Result);
