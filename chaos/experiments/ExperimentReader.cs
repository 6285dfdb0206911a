namespace Pressure.Chaos;

/// <summary>Something wrong with an experiment.</summary>
/// <param name="File">File as given.</param>
/// <param name="Line">Line, from 1; 0 if it is none of one line.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Field">Path: <c>method[1].provider.type</c>.</param>
/// <param name="Message">What is wrong, without full stop.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ExperimentProblem(string File, int Line, int Column, string Field, string Message, string Remedy);

/// <summary>A read experiment, or everything that is wrong with it.</summary>
public sealed record ExperimentResult(Experiment? Experiment, IReadOnlyList<ExperimentProblem> Problems);

/// <summary>Reads experiments, YAML or JSON, and resolves configuration and secrets.</summary>
public static class ExperimentReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="environment">Looks up environment variables that configuration and secrets name.</param>
    public static ExperimentResult ReadFile(string path, Func<string, string?> environment) => throw new NotImplementedException(path + environment);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="environment">Looks up environment variables that configuration and secrets name.</param>
    public static ExperimentResult Parse(string text, string file, Func<string, string?> environment) => throw new NotImplementedException(text + file + environment);
}
