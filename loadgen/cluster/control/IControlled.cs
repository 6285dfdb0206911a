using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>What can be told to a run.</summary>
internal interface IControlled
{
    RunStatus Status { get; }

    SteeringResult Steer(SteeringChange change, string by);

    bool Stop(string by);

    /// <summary>Notes on the timeline how far the answer to a disturbance is; false when the load is over.</summary>
    bool Mark(string mark, string by, string note);
}
