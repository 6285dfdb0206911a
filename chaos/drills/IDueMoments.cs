namespace Pressure.Chaos;

/// <summary>Says who begins what is due where several nodes watch the same schedules. Thread-safe.</summary>
public interface IDueMoments
{
    /// <summary>Asks for a moment of a schedule; of all who ask one alone is told to begin, or to note that the one before still runs.</summary>
    /// <exception cref="IOException">Who begins can't be agreed on now: then nobody does.</exception>
    Task<DueAnswer> AskAsync(string schedule, DateTimeOffset at, CancellationToken stop);

    /// <summary>What was begun has a record of this id, so that whoever takes over knows what came of it.</summary>
    /// <exception cref="IOException">It can't be told now.</exception>
    Task BegunAsync(string schedule, DateTimeOffset at, string run) => Task.CompletedTask;

    /// <summary>What was begun is over.</summary>
    /// <exception cref="IOException">It can't be told now.</exception>
    Task OverAsync(string schedule, DateTimeOffset at);
}

/// <summary>Who begins.</summary>
public enum DueAnswer
{
    /// <summary>Whoever asked.</summary>
    Begin,

    /// <summary>Nobody, since the one before still runs elsewhere; whoever asked notes that.</summary>
    StillRunning,

    /// <summary>Somebody else.</summary>
    Elsewhere,
}

/// <summary>The answers where nobody else watches.</summary>
internal sealed class NobodyElse : IDueMoments
{
    public Task<DueAnswer> AskAsync(string schedule, DateTimeOffset at, CancellationToken stop) => Task.FromResult(DueAnswer.Begin);

    public Task OverAsync(string schedule, DateTimeOffset at) => Task.CompletedTask;
}
