using Pressure.Chaos;
using Pressure.Record;

namespace Pressure.Cli.Chaos;

/// <summary>A timeline that nothing is kept of: what is told goes to whoever watches.</summary>
internal sealed class ToldTimeline(TimeProvider time, Action<TimelineEvent> told) : IChaosTimeline
{
    public RunClock Clock { get; } = new(time);

    public string? Folder => null;

    public void Tell(TimelineEvent what) => told(what);
}
