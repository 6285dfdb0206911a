using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>What can be told to a run.</summary>
internal interface IControlled
{
    RunStatus Status { get; }

    SteeringResult Steer(SteeringChange change, string by);

    bool Stop(string by);
}
