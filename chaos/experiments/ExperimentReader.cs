using System.Text;

namespace Pressure.Chaos;

/// <summary>Something wrong with an experiment.</summary>
/// <param name="File">File as given.</param>
/// <param name="Line">Line, from 1; 0 if it is none of one line.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Field">Path: <c>method[1].provider.type</c>.</param>
/// <param name="Message">What is wrong, without full stop.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ExperimentProblem(string File, int Line, int Column, string Field, string Message, string Remedy)
{
    /// <summary><c>file:line:column: field: message. remedy</c></summary>
    public override string ToString() => $"{File}{(Line > 0 ? $":{Line}:{Column}" : "")}: {(Field.Length > 0 ? Field + ": " : "")}{Message}. {Remedy}";
}

/// <summary>A read experiment, or everything that is wrong with it.</summary>
public sealed record ExperimentResult(Experiment? Experiment, IReadOnlyList<ExperimentProblem> Problems);

/// <summary>Reads experiments, YAML or JSON, and resolves configuration and secrets.</summary>
public static class ExperimentReader
{
    /// <summary>Largest experiment read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file. A missing, unreadable or too large one is a problem in the result, not an exception.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="environment">Looks up environment variables that configuration and secrets name.</param>
    /// <param name="kinds">The faults and probes that it may name; null for all that there are.</param>
    public static ExperimentResult ReadFile(string path, Func<string, string?> environment, ExperimentKinds? kinds = null)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxBytes ? TooLarge(path) : Parse(Strict.GetString(bytes, 0, length), path, environment, kinds);
        }
        catch (DecoderFallbackException)
        {
            return Failed(path, "the file is not UTF-8", "Save it as UTF-8.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed(path, "there is no such file", "Check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Directory.Exists(path)
                ? Failed(path, "this is a folder", "Name the experiment's file in it.")
                : Failed(path, $"the file can't be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions.");
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text, YAML or JSON.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="environment">Looks up environment variables that configuration and secrets name.</param>
    /// <param name="kinds">The faults and probes that it may name; null for all that there are.</param>
    public static ExperimentResult Parse(string text, string file, Func<string, string?> environment, ExperimentKinds? kinds = null)
    {
        if (text.Length > MaxBytes)
            return TooLarge(file);
        var problems = new ExperimentProblems(file);
        var clean = text.TrimStart('\ufeff');
        var root = IsClean(clean, problems) ? ReadTree(clean, file, problems) : null;
        var experiment = root is null ? null : ExperimentRoot.Read(root, environment, kinds ?? ExperimentKinds.Usual, problems);
        return new(experiment, problems.InOrder());
    }

    // JSON is read as such, since YAML's readers differ from it in escapes; but what only begins like it may be YAML's own braces.
    private static ExperimentNode? ReadTree(string text, string file, ExperimentProblems problems) =>
        file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || (text.AsSpan().TrimStart() is ['{', ..] && JsonTree.Fits(text))
            ? JsonTree.Read(text, problems)
            : YamlTree.Read(text, problems);

    private static bool IsClean(string text, ExperimentProblems problems)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\0', '\b');
        at = at >= 0 ? at : text.AsSpan().IndexOfAnyInRange('\u000e', '\u001f');
        at = at >= 0 ? at : HalfCharacter(text);
        if (at < 0)
            return true;
        var before = text.AsSpan(0, at);
        problems.Add(before.Count('\n') + 1, at - before.LastIndexOf('\n'), "", $"character U+{(int)text[at]:X4} in the file", "Remove it.");
        return false;
    }

    /// <summary>Where half of a character (a surrogate alone) stands, which nothing can write; -1 if nowhere.</summary>
    internal static int HalfCharacter(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); i >= 0 && i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return i;
        }
        return -1;
    }

    private static ExperimentResult TooLarge(string file) =>
        Failed(file, $"the experiment is larger than {MaxBytes / (1024 * 1024)} MiB", "Shorten it.");

    private static ExperimentResult Failed(string file, string message, string remedy) => new(null, [new(file, 1, 1, "", message, remedy)]);
}
