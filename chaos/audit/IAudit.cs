namespace Pressure.Chaos;

/// <summary>Where everything that permits, refuses, strikes, approves, halts, resumes or changes rules is told, for good. Thread-safe.</summary>
public interface IAudit
{
    /// <summary>Writes a line; it is on the disk when this returns.</summary>
    /// <exception cref="GuardBookException">It can't be written: then what it tells of must not be done.</exception>
    Task WriteAsync(AuditEntry entry, CancellationToken stop);
}

/// <summary>What somebody did.</summary>
/// <param name="Who">Who: the name that they gave, or that of their account on the system.</param>
/// <param name="What">What was done: <c>strike</c>, <c>halt</c>, <c>resume</c>, <c>revert</c>, <c>stop</c>, <c>approval</c>, <c>rules</c>, <c>circuit</c>, <c>experiment</c>, <c>monkey</c>.</param>
/// <param name="On">To what: targets, an experiment's title, a budget's name.</param>
/// <param name="Outcome">How it went: <c>permitted</c>, <c>refused</c>, <c>in force</c>, <c>ended</c>, <c>left</c>, <c>failed</c>, <c>approved</c>, <c>changed</c>.</param>
/// <param name="Detail">More, for people; empty if nothing.</param>
public sealed record AuditEntry(string Who, string What, string On, string Outcome, string Detail = "");
