using System.Text.Json.Serialization;

namespace Pressure.Faults;

/// <summary>
/// One thing to be struck, with what tells this instance of it from a later one by the same name. A closed set: every kind is nested here.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Container), "container")]
[JsonDerivedType(typeof(Process), "process")]
[JsonDerivedType(typeof(Host), "host")]
[JsonDerivedType(typeof(Pod), "pod")]
[JsonDerivedType(typeof(Route), "route")]
public abstract record FaultTarget
{
    private FaultTarget()
    {
    }

    /// <summary>Its name for people.</summary>
    [JsonIgnore]
    public abstract string Label { get; }

    /// <summary>Its kind.</summary>
    [JsonIgnore]
    public abstract TargetKind Kind { get; }

    /// <summary>A container.</summary>
    /// <param name="Id">Its id, 64 hex digits.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="StartedAt">When this instance was started, as the engine writes it: a restarted one is another target.</param>
    public sealed record Container(string Id, string Name, string StartedAt) : FaultTarget
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Label => Name;

        /// <inheritdoc/>
        [JsonIgnore]
        public override TargetKind Kind => TargetKind.Container;
    }

    /// <summary>A process.</summary>
    /// <param name="Pid">Its id on the host.</param>
    /// <param name="Start">Its start in clock ticks since boot: ids are used again.</param>
    /// <param name="Name">Its command.</param>
    public sealed record Process(int Pid, long Start, string Name) : FaultTarget
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Label => $"{Name} ({Pid})";

        /// <inheritdoc/>
        [JsonIgnore]
        public override TargetKind Kind => TargetKind.Process;
    }

    /// <summary>The host that the executor runs on.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Host(string Name) : FaultTarget
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Label => Name;

        /// <inheritdoc/>
        [JsonIgnore]
        public override TargetKind Kind => TargetKind.Host;
    }

    /// <summary>A pod.</summary>
    /// <param name="Namespace">Its namespace.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Uid">Its uid: a pod made anew is another target.</param>
    public sealed record Pod(string Namespace, string Name, string Uid) : FaultTarget
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Label => $"{Namespace}/{Name}";

        /// <inheritdoc/>
        [JsonIgnore]
        public override TargetKind Kind => TargetKind.Pod;
    }

    /// <summary>A route of the fault gateway.</summary>
    /// <param name="Listen">Where the gateway listens: <c>127.0.0.1:8081</c>.</param>
    /// <param name="To">Where it leads: <c>http://127.0.0.1:5080</c>, <c>tcp://127.0.0.1:5432</c>.</param>
    public sealed record Route(string Listen, string To) : FaultTarget
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override string Label => $"{Listen} to {To}";

        /// <inheritdoc/>
        [JsonIgnore]
        public override TargetKind Kind => TargetKind.Route;
    }
}
