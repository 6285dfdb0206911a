namespace Pressure.TrafficCopy;

/// <summary>What came of an import or export. Whatever could be taken over has been, whether there were problems or not.</summary>
public sealed record TransferOutcome
{
    /// <summary>The file that was read or written.</summary>
    public required string File { get; init; }

    /// <summary>Exchanges taken over.</summary>
    public required long Exchanges { get; init; }

    /// <summary>What was not taken over because the other format has no place for it, or it is no HTTP, by reason (a stable word).</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new Dictionary<string, long>();

    /// <summary>What is wrong with the file that was read, in its order: at most <see cref="CaptureFileOutcome.MostProblems"/>.</summary>
    public IReadOnlyList<CaptureFileProblem> Problems { get; init; } = [];

    /// <summary>Problems beyond those.</summary>
    public long FurtherProblems { get; init; }

    /// <summary>Whether it ended early because it was told to.</summary>
    public bool Stopped { get; init; }
}

/// <summary>Counts what comes of an import or export while it runs.</summary>
internal sealed class TransferTally(string file)
{
    private readonly Dictionary<string, long> _leftOut = [];
    private readonly List<CaptureFileProblem> _problems = [];
    private long _further;

    public long Exchanges { get; set; }

    public bool Stopped { get; set; }

    public void LeaveOut(string reason) => _leftOut[reason] = _leftOut.GetValueOrDefault(reason) + 1;

    public void Note(long offset, string what, string remedy)
    {
        if (_problems.Count < CaptureFileOutcome.MostProblems)
            _problems.Add(new(file, offset, what, remedy));
        else
            _further++;
    }

    public TransferOutcome Done() => new() { File = file, Exchanges = Exchanges, LeftOut = _leftOut, Problems = _problems, FurtherProblems = _further, Stopped = Stopped };
}
