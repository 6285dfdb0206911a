using System.Text.Json;

namespace Pressure.Faults;

/// <summary>A global stop that is in force.</summary>
/// <param name="By">Who set it.</param>
/// <param name="At">When.</param>
/// <param name="Why">Why; empty if they did not say.</param>
public sealed record Halt(string By, DateTimeOffset At, string Why)
{
    /// <summary>When somebody set it once more while it was in force; null if nobody did.</summary>
    public DateTimeOffset? Again { get; init; }

    /// <summary>The same as an English sentence.</summary>
    public override string ToString() => $"Everything is halted since {At:yyyy-MM-dd HH:mm:ss}Z by {By}{(Why.Length > 0 ? $": {Why.TrimEnd('.')}" : "")}.";
}

/// <summary>
/// The global stop, which outranks everything: while the file <c>halt</c> lies in the state folder nothing is struck, and what holds is undone. It needs
/// no service and no executor to be set, and survives a restart.
/// </summary>
/// <param name="folder">The state folder.</param>
public sealed class GlobalStop(string folder)
{
    private readonly string _file = Path.Combine(folder, "halt");

    /// <summary>How to end it, for people.</summary>
    public const string Remedy = "Lift it with: pressure chaos resume";

    /// <summary>Whether it is in force; cheap.</summary>
    public bool IsSet => File.Exists(_file);

    /// <summary>Who set it and why; null if it is not in force. One that nobody can read is in force all the same.</summary>
    public Halt? Read() =>
        StateFolder.TryRead(_file, FaultJson.Default.Halt) ?? (IsSet ? new Halt("somebody", File.GetLastWriteTimeUtc(_file), $"{_file} does not say who") : null);

    /// <summary>Sets it. If it is set already the first reason counts, and the file says that it was meant again: where several machines agree on one, another may just be lifting the one before.</summary>
    /// <exception cref="IOException">It can't be set.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be set.</exception>
    public void Set(Halt halt)
    {
        var first = StateFolder.TryRead(_file, FaultJson.Default.Halt);
        StateFolder.Mark(folder, _file, JsonSerializer.SerializeToUtf8Bytes(first is null ? halt : first with { Again = halt.At }, FaultJson.Default.Halt));
    }

    /// <summary>Lifts it; false if it was not in force.</summary>
    /// <exception cref="IOException">It can't be lifted.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be lifted.</exception>
    public bool Lift()
    {
        if (!IsSet)
            return false;
        File.Delete(_file);
        return true;
    }
}
