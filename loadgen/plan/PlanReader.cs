using System.Text;

namespace Pressure.LoadGen;

/// <summary>A problem in a plan file, for people: what is wrong, where, and what to do.</summary>
/// <param name="File">File name as given.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Field">Path of the field: <c>scenarios[0].steps[1].get</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record PlanProblem(string File, int Line, int Column, string Field, string Message, string Remedy)
{
    /// <summary><c>file:line:column: field: message. remedy</c></summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {(Field.Length > 0 ? Field + ": " : "")}{Message}. {Remedy}";
}

/// <summary>A plan, or all that is wrong with it.</summary>
/// <param name="Plan">The plan; null when there are problems.</param>
/// <param name="Text">The text as read.</param>
/// <param name="Problems">All problems, in order of lines.</param>
public sealed record PlanResult(LoadPlan? Plan, string Text, IReadOnlyList<PlanProblem> Problems);

/// <summary>Reads plan files (YAML; JSON is read by the same reader, being YAML's subset).</summary>
public static class PlanReader
{
    /// <summary>Largest plan read, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file. A missing, unreadable or too large one is a problem in the result, not an exception.</summary>
    public static PlanResult ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxBytes ? TooLarge(path) : Parse(Strict.GetString(bytes, 0, length), path, Path.GetDirectoryName(Path.GetFullPath(path)), default);
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
                ? Failed(path, "this is a folder", "Name the plan file in it.")
                : Failed(path, $"the file can't be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions.");
        }
    }

    /// <summary>Reads text; <paramref name="file"/> is only named in problems. Such a plan may not name data files.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="keepsExperiment">Whether there is an experiment of this name, where experiments are kept by name and not as files beside the plan; null if none are.</param>
    /// <param name="captures">The folder in which captures are kept by name; null if none are.</param>
    public static PlanResult Parse(string text, string file, Func<string, bool>? keepsExperiment = null, string? captures = null) =>
        Parse(text, file, folder: null, new(keepsExperiment, captures));

    /// <summary>Reads text as if it were a file of a folder, from which the files count that it names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="folder">The folder.</param>
    public static PlanResult ParseIn(string folder, string text, string file) => Parse(text, file, Path.GetFullPath(folder), default);

    private static PlanResult Parse(string text, string file, string? folder, PlanSurroundings surroundings)
    {
        if (text.Length > MaxBytes)
            return TooLarge(file);
        var problems = new ProblemList(file);
        var root = PlanTree.Read(text.TrimStart('\ufeff'), problems);
        var plan = root is null ? null : PlanRoot.Read(root, folder, surroundings, problems);
        return new(plan, text, problems.InOrder());
    }

    private static PlanResult TooLarge(string file) =>
        Failed(file, $"the plan is larger than {MaxBytes / (1024 * 1024)} MiB", "Shorten it; large bodies don't belong into a plan.");

    private static PlanResult Failed(string file, string message, string remedy) =>
        new(null, "", [new(file, 1, 1, "", message, remedy)]);
}
