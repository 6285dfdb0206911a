using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>What of an engine's knowledge of a container decides whether and how it can be struck.</summary>
public sealed record ContainerFacts
{
    /// <summary>Its id, 64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The image that it was made from, as it was named then.</summary>
    public required string Image { get; init; }

    /// <summary>Its labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Its first process on the engine's host; 0 if it does not run.</summary>
    public required int Pid { get; init; }

    /// <summary>It has processes, frozen or not, or the engine is about to start it again.</summary>
    public required bool Running { get; init; }

    /// <summary>Its processes are frozen.</summary>
    public required bool Paused { get; init; }

    /// <summary>It has ended and its restart policy is about to start it again.</summary>
    public required bool Restarting { get; init; }

    /// <summary>When this instance was started, as the engine writes it.</summary>
    public required string StartedAt { get; init; }

    /// <summary>When the latest instance that ended did so; the year 1 if none has.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>What its latest instance ended with.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The engine removes it when it ends.</summary>
    public required bool AutoRemove { get; init; }

    /// <summary>The engine's word for its restart policy: <c>no</c>, <c>always</c>, <c>unless-stopped</c>, <c>on-failure</c>.</summary>
    public required string RestartPolicy { get; init; }

    /// <summary>The compose project that it belongs to; null if none.</summary>
    public string? Project => Labels.GetValueOrDefault("com.docker.compose.project");

    /// <summary>Who makes a new container whenever this one ends, by the labels that they put on; null if nobody.</summary>
    public string? Orchestrator =>
        Labels.ContainsKey("com.docker.swarm.task.id") ? "Docker Swarm"
            : Labels.ContainsKey("io.kubernetes.pod.uid") ? "Kubernetes"
            : null;

    /// <summary>This instance of it as a target.</summary>
    public FaultTarget.Container Target => new(Id, Name, StartedAt);

    /// <summary>Reads what the engine tells on inspection.</summary>
    public static ContainerFacts From(JsonObject inspected) => new()
    {
        Id = inspected.Text("Id"),
        Name = inspected.Text("Name").TrimStart('/'),
        Image = inspected.Text("Config", "Image"),
        Labels = inspected.Object("Config", "Labels").ToDictionary(l => l.Key, l => l.Value.Text()),
        Pid = (int)inspected.Number("State", "Pid"),
        Running = inspected.Flag("State", "Running"),
        Paused = inspected.Flag("State", "Paused"),
        Restarting = inspected.Flag("State", "Restarting"),
        StartedAt = inspected.Text("State", "StartedAt"),
        FinishedAt = DateTimeOffset.TryParse(inspected.Text("State", "FinishedAt"), out var finished) ? finished : DateTimeOffset.MinValue,
        ExitCode = (int)inspected.Number("State", "ExitCode"),
        AutoRemove = inspected.Flag("HostConfig", "AutoRemove"),
        RestartPolicy = inspected.Text("HostConfig", "RestartPolicy", "Name") is { Length: > 0 } policy ? policy : "no",
    };
}
