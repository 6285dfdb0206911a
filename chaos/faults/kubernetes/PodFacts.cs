using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>What of a cluster's knowledge of a pod decides whether and how it can be struck.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
public sealed record PodFacts(string Namespace, string Name, string Uid)
{
    /// <summary>Its labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Image of its first container.</summary>
    public required string Image { get; init; }

    /// <summary>It runs and says that it is ready, and is not being deleted.</summary>
    public required bool Ready { get; init; }

    /// <summary>It is being deleted.</summary>
    public required bool Deleting { get; init; }

    /// <summary>The cluster's word for how far it is: <c>Pending</c>, <c>Running</c>, ...</summary>
    public required string Phase { get; init; }

    /// <summary>What makes another one when it goes; null if nothing does.</summary>
    public PodOwner? Owner { get; init; }

    /// <summary>This pod as a target.</summary>
    public FaultTarget.Pod Target => new(Namespace, Name, Uid);

    /// <summary>Reads what the cluster tells.</summary>
    public static PodFacts From(JsonObject pod)
    {
        var owner = pod.List("metadata", "ownerReferences").FirstOrDefault(o => o.Flag("controller"));
        var deleting = pod.Text("metadata", "deletionTimestamp").Length > 0;
        return new(pod.Text("metadata", "namespace"), pod.Text("metadata", "name"), pod.Text("metadata", "uid"))
        {
            Labels = pod.Object("metadata", "labels").ToDictionary(l => l.Key, l => l.Value.Text()),
            Image = pod.List("spec", "containers").FirstOrDefault().Text("image"),
            Phase = pod.Text("status", "phase"),
            Deleting = deleting,
            Ready = !deleting && pod.List("status", "conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True"),
            Owner = owner is null ? null : new(owner.Text("apiVersion"), owner.Text("kind"), owner.Text("name"), owner.Text("uid")),
        };
    }
}

/// <summary>What makes another pod when one goes.</summary>
/// <param name="Api">Its group and version: <c>apps/v1</c>.</param>
/// <param name="Kind">Its kind: <c>ReplicaSet</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
public sealed record PodOwner(string Api, string Kind, string Name, string Uid)
{
    /// <summary>Where it is asked for; null for kinds that we don't know.</summary>
    public string? Path(string @namespace) => (Api, Kind) switch
    {
        ("v1", "ReplicationController") => $"api/v1/namespaces/{@namespace}/replicationcontrollers/{Name}",
        ("batch/v1", "Job") => $"apis/batch/v1/namespaces/{@namespace}/jobs/{Name}",
        ("apps/v1", "ReplicaSet" or "StatefulSet" or "DaemonSet") => $"apis/apps/v1/namespaces/{@namespace}/{Kind.ToLowerInvariant()}s/{Name}",
        _ => null,
    };

    /// <summary>How many pods it wants, as it was told; null if it does not say.</summary>
    public static long? Wanted(JsonObject owner) => owner.Text("kind") switch
    {
        "DaemonSet" => owner.Number("status", "desiredNumberScheduled"),
        "Job" => owner["status"]?["completionTime"] is not null ? 0 : owner["spec"]?["parallelism"] is null ? 1 : owner.Number("spec", "parallelism"),
        _ => owner["spec"]?["replicas"] is null ? 1 : owner.Number("spec", "replicas"),
    };
}
