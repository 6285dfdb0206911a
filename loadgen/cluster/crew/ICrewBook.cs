using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Where a crew's results go: the run's record, and whoever watches it.</summary>
internal interface ICrewBook
{
    /// <summary>A worker's own second: it is in the record when this returns. Called from several threads.</summary>
    void Keep(Interval second, GeneratorSample generator);

    /// <summary>What nobody made: only into the record.</summary>
    void Keep(Interval unsent);

    /// <summary>Renews what is known of a replay, and of the differences found in its answers.</summary>
    void Keep(ReplayRecord replay, DifferenceRecord? differences);

    /// <summary>A second of all workers together, as far as they have told it in time. Never called at the same time as itself.</summary>
    void Watch(EngineSecond second, GeneratorSample generator);

    /// <summary>A worker wanted a row of a data file of which all are used up.</summary>
    void UsedUp(string data);

    /// <summary>Renews what a coordinator needs that comes back.</summary>
    void Save(ReadOnlyMemory<byte> state);

    /// <summary>Puts an event on the timeline.</summary>
    void Tell(TimelineEvent what);
}
