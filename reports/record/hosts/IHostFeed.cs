namespace Pressure.Record;

/// <summary>
/// Something that tells a run about hosts elsewhere while it goes on: samples and collections come when they come, in order per host, each once.
/// Declared here because run coordinators and the AccessServer meet only in the record.
/// </summary>
public interface IHostFeed
{
    /// <summary>The hosts by name, with what is known of them.</summary>
    IReadOnlyList<HostManifest> Hosts { get; }

    /// <summary>
    /// Hands everything from offset zero on to the run, on the run's clock, until <paramref name="end"/> completes with the offset at which the
    /// load ended; then what is still on its way up to there, for a short while, and returns. Never throws because of a host.
    /// </summary>
    Task FollowAsync(RunClock clock, IHostSink sink, Task<TimeSpan> end);
}

/// <summary>Takes what a <see cref="IHostFeed"/> tells. Thread-safe; calls are quick (they append to the run folder).</summary>
public interface IHostSink
{
    /// <summary>A sample of a host.</summary>
    void Take(HostSample sample);

    /// <summary>A collection of a process.</summary>
    void Take(GcEvent collection);

    /// <summary>Something that happened: <see cref="TimelineEvent.HostSilent"/>, <see cref="TimelineEvent.HostHeard"/>.</summary>
    void Tell(TimelineEvent what);
}

/// <summary>A host of a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels: <c>service</c>, <c>env</c>, <c>region</c>, ...</param>
public sealed record HostManifest(string Name, IReadOnlyDictionary<string, string> Labels);
