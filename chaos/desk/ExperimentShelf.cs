namespace Pressure.Chaos;

/// <summary>The experiments that are kept, one YAML file each, so that they can be copied, diffed and put under version control. Thread-safe.</summary>
/// <param name="folder">Where they lie.</param>
/// <param name="read">Reads the text of one: text and the name that problems call it.</param>
/// <param name="files">How they are changed; null for files of this machine alone.</param>
public sealed class ExperimentShelf(string folder, Func<string, string, ExperimentResult> read, IKeptFiles? files = null)
{
    /// <summary>Longest text.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>Most experiments.</summary>
    public const int Most = 500;

    private readonly IKeptFiles _files = files ?? new OwnFiles();
    private readonly Lock _gate = new();

    /// <summary>All, by name, with what is wrong with those that were changed by hand.</summary>
    public IReadOnlyList<KeptExperiment> List()
    {
        if (!Directory.Exists(folder))
            return [];
        return
        [
            .. from file in Directory.EnumerateFiles(folder, "*.yaml")
               let name = Path.GetFileNameWithoutExtension(file)
               where PlainName.Is(name)
               orderby name
               let kept = Find(name)
               where kept is not null
               select kept,
        ];
    }

    /// <summary>One; null if there is none of this name.</summary>
    public KeptExperiment? Find(string name)
    {
        if (!PlainName.Is(name))
            return null;
        try
        {
            var file = new FileInfo(PathOf(name));
            if (!file.Exists)
                return null;
            if (file.Length > MostBytes)
                return new(name, "", file.LastWriteTimeUtc, new(null, [new(name, 0, 0, "", $"the file has more than {MostBytes / 1024} KiB", "Make it shorter.")]));
            var text = File.ReadAllText(file.FullName);
            return new(name, text, file.LastWriteTimeUtc, read(text, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(name, "", DateTimeOffset.MinValue, new(null, [new(name, 0, 0, "", e.Message, "Let this user read the file.")]));
        }
    }

    /// <summary>Checks a text as it would be read from here.</summary>
    public ExperimentResult Check(string text, string name) => read(text, PlainName.Is(name) ? name : "experiment");

    /// <summary>Keeps one, in place of one by its name; everything that is wrong with it, and then nothing changes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="isNew">Whether there must be none of this name yet.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public IReadOnlyList<ExperimentProblem> Keep(string name, string text, bool isNew = false)
    {
        if (!PlainName.Is(name))
            return [new(name, 0, 0, "name", $"'{name}' is no name", $"{PlainName.Rule}.")];
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MostBytes)
            return [new(name, 0, 0, "", $"it has more than {MostBytes / 1024} KiB", "Make it shorter.")];
        var result = read(text, name);
        if (result.Experiment is null)
            return result.Problems;
        lock (_gate)
        {
            var exists = File.Exists(PathOf(name));
            if (isNew && exists)
                return [new(name, 0, 0, "name", $"there is an experiment '{name}' already", "Choose another name, or change that one.")];
            Directory.CreateDirectory(folder);
            if (!exists && Directory.EnumerateFiles(folder, "*.yaml").Count() >= Most)
                return [new(name, 0, 0, "name", $"{Most} experiments are kept already", "Delete one that nobody needs any more.")];
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
            _files.Delete(PathOf(name));
            return true;
        }
    }

    private string PathOf(string name) => Path.Combine(folder, $"{name}.yaml");
}

/// <summary>An experiment that is kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its text.</param>
/// <param name="ChangedAt">When it was changed last.</param>
/// <param name="Result">What reading it gave.</param>
public sealed record KeptExperiment(string Name, string Text, DateTimeOffset ChangedAt, ExperimentResult Result)
{
    /// <summary>Its title; its name where that can't be read.</summary>
    public string Title => Result.Experiment?.Title ?? Name;
}
