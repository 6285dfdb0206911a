using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Looks once a second at live sources, and tells which have fallen silent, are heard again, or have ended. One that was never heard is not silent.</summary>
internal sealed class LiveWatch(LiveTraffic traffic)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly State[] _states = [.. traffic.Sources.Select(_ => new State())];

    /// <summary>How often a source fell silent.</summary>
    public int Silences(int source) => _states[source].Silences;

    /// <summary>What has changed.</summary>
    public IEnumerable<TimelineEvent> Look(TimeSpan at)
    {
        for (var i = 0; i < _states.Length; i++)
        {
            if (Look(traffic.Sources[i], traffic.Intakes[i], _states[i], at) is { } change)
                yield return change;
        }
    }

    private TimelineEvent? Look(ILiveSource source, LiveIntake intake, State state, TimeSpan at)
    {
        var standing = source.Standing;
        if (standing.Ended)
        {
            var isNews = !state.HasEnded;
            state.HasEnded = true;
            return isNews ? new TimelineEvent.SourceEnded(at, source.Name, standing.Trouble ?? "") : null;
        }

        var heard = intake.LastHeard;
        var silence = TimeSpan.FromTicks((traffic.Now - heard) / TimeSpan.NanosecondsPerTick);
        var isSilent = standing.Trouble is not null || (heard != 0 && silence > Patience);
        if (isSilent == state.IsSilent)
            return null;
        state.IsSilent = isSilent;
        if (!isSilent)
            return new TimelineEvent.SourceHeard(at, source.Name);
        state.Silences++;
        return new TimelineEvent.SourceSilent(at, source.Name, standing.Trouble ?? "");
    }

    private sealed class State
    {
        public bool IsSilent { get; set; }

        public bool HasEnded { get; set; }

        public int Silences { get; set; }
    }
}
