using System.Text.Json;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>What <c>drill.json</c> in a drill's run folder says besides the record: where it came from and how it ended.</summary>
public sealed record DrillFile
{
    /// <summary>Its name in the run folder.</summary>
    public const string Name = "drill.json";

    /// <summary>Name of the kept experiment; empty if it was none of them.</summary>
    public string Experiment { get; init; } = "";

    /// <summary>The experiment's title.</summary>
    public required string Title { get; init; }

    /// <summary>Who began it.</summary>
    public required string By { get; init; }

    /// <summary>The schedule that began it; null if none did.</summary>
    public string? Schedule { get; init; }

    /// <summary>How it ended; null as long as it did not.</summary>
    public DrillEnd? End { get; init; }

    /// <summary>Writes it; a failure is told by false: the record itself is what counts.</summary>
    internal bool TryWrite(string folder)
    {
        try
        {
            WholeFile.WriteSecret(Path.Combine(folder, Name), JsonSerializer.Serialize(this, DeskJson.Options));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads that of a run folder; null if there is none that can be read.</summary>
    public static DrillFile? TryRead(string folder)
    {
        try
        {
            var path = Path.Combine(folder, Name);
            return File.Exists(path) ? JsonSerializer.Deserialize<DrillFile>(File.ReadAllText(path), DeskJson.Options) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>How a drill ended.</summary>
/// <param name="At">When.</param>
/// <param name="Status">Its status.</param>
/// <param name="Deviated">The steady state did not hold.</param>
/// <param name="ExitCode">As <c>pressure chaos run</c> would end: 0, 3, 4, 99, 130.</param>
/// <param name="Left">What could not be undone.</param>
/// <param name="Refusals">What guards said, as sentences.</param>
public sealed record DrillEnd(DateTimeOffset At, ExperimentStatus Status, bool Deviated, int ExitCode, IReadOnlyList<string> Left, IReadOnlyList<string> Refusals)
{
    /// <summary>Why it did not end as it should, an English clause; empty if it did.</summary>
    public string Why { get; init; } = "";

    internal static DrillEnd Of(ExperimentOutcome outcome, DateTimeOffset at) =>
        new(at, outcome.Status, outcome.Deviated, outcome.ExitCode, outcome.Left, [.. outcome.Refusals.Select(r => $"{r.Guard}: {r.Why} {r.Remedy}")]) { Why = outcome.Why };
}
