using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Listens to the collections of one process.</summary>
public interface IGcListener : IAsyncDisposable
{
    /// <summary>The process's id in the host's own pid namespace.</summary>
    int Pid { get; }

    /// <summary>
    /// Completes when there is nothing more to hear: with null when the process has ended, else with the reason for people, and whoever
    /// watches the process listens anew after a while. A listener that goes on by itself, whatever comes, never completes it.
    /// </summary>
    Task<string?> Ended => Never;

    /// <summary>A task for listeners that go on by themselves.</summary>
    private static readonly Task<string?> Never = new TaskCompletionSource<string?>().Task;

    /// <summary>What the runtime did with its memory since the last call; null while there is nothing to tell.</summary>
    GcRates? Rates();
}

/// <summary>Takes collections as they come, from any thread, without waiting.</summary>
public interface IGcSink
{
    /// <summary>A collection, with the host's clock (UTC) at its begin; host, container and service are filled in by whoever takes it.</summary>
    void Take(DateTimeOffset at, GcEvent collection);

    /// <summary>Something that could not be listened to or understood, for people: which process, why, what to do.</summary>
    void Tell(string what);
}
