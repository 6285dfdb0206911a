using System.Text.Json.Nodes;

namespace Pressure.TestKit;

/// <summary>Pods and the controllers that keep them, as a <see cref="KubernetesStub"/> tells of them. Thread-safe.</summary>
public sealed class PodWorld
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _pods = [];
    private readonly Dictionary<string, JsonObject> _owners = [];
    private int _made;

    /// <summary>Whether controllers do their work.</summary>
    public bool Heals { get; set; } = true;

    /// <summary>A ReplicaSet with its pods, all ready.</summary>
    public void AddReplicaSet(string name, int replicas, string uid)
    {
        lock (_gate)
        {
            _owners[$"/apis/apps/v1/namespaces/shop/replicasets/{name}"] = new()
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = "ReplicaSet",
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop", ["uid"] = uid },
                ["spec"] = new JsonObject { ["replicas"] = replicas },
                ["status"] = new JsonObject { ["replicas"] = replicas, ["readyReplicas"] = replicas },
            };
            for (var i = 0; i < replicas; i++)
                AddPod($"{name}-{++_made:x5}", ("apps/v1", "ReplicaSet", name, uid), ready: true);
        }
    }

    /// <summary>A pod that nobody keeps, or that its node runs by itself.</summary>
    public void AddLonePod(string name, bool ofNode = false)
    {
        lock (_gate)
            AddPod(name, ofNode ? ("v1", "Node", "node-1", "uid-of-node") : null, ready: true);
    }

    /// <summary>Changes how many a ReplicaSet wants.</summary>
    public void Scale(string name, int replicas)
    {
        lock (_gate)
            _owners[$"/apis/apps/v1/namespaces/shop/replicasets/{name}"]["spec"]!["replicas"] = replicas;
    }

    /// <summary>Takes a controller away, as a rollout's clean-up does.</summary>
    public void RemoveOwner(string name)
    {
        lock (_gate)
            _owners.Remove($"/apis/apps/v1/namespaces/shop/replicasets/{name}");
    }

    /// <summary>Makes a pod anew by its name, as a StatefulSet does.</summary>
    public void Remake(string name, string uid)
    {
        lock (_gate)
            _pods[name]["metadata"]!["uid"] = uid;
    }

    /// <summary>Names and uids of the pods that there are.</summary>
    public IReadOnlyList<(string Name, string Uid)> Pods
    {
        get
        {
            lock (_gate)
                return [.. _pods.Select(p => (p.Key, p.Value["metadata"]!["uid"]!.GetValue<string>()))];
        }
    }

    /// <summary>What the API server says of a failure.</summary>
    public static (int Status, JsonObject Answer) Status(int code, string reason, string message) => (code, new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    });

    internal (int Status, JsonObject Answer) Answer(string method, string target, JsonObject? body, int page)
    {
        lock (_gate)
        {
            var (path, query) = (target.Split('?')[0], target.Contains('?', StringComparison.Ordinal) ? target.Split('?')[1] : "");
            if (path is "/api/v1/pods" or "/api/v1/namespaces/shop/pods")
                return (200, List(query, page));
            if (_owners.TryGetValue(path, out var owner))
                return (200, (JsonObject)owner.DeepClone());
            var name = path.Split('/')[^1];
            if (!_pods.TryGetValue(name, out var pod) || path != $"/api/v1/namespaces/shop/pods/{name}")
                return Status(404, "NotFound", $"pods \"{name}\" not found");
            return method == "DELETE" ? Delete(name, pod, body) : (200, (JsonObject)pod.DeepClone());
        }
    }

    private static (int Status, JsonObject Answer) Delete(string name, JsonObject pod, JsonObject? options)
    {
        var (wanted, uid) = (options?["preconditions"]?["uid"]?.GetValue<string>(), pod["metadata"]!["uid"]!.GetValue<string>());
        if (wanted is not null && wanted != uid)
            return Status(409, "Conflict", $"Operation cannot be fulfilled on Pod \"{name}\": the UID in the precondition ({wanted}) does not match the UID in record ({uid}). The object might have been deleted and then recreated");
        pod["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        pod["metadata"]!["deletionGracePeriodSeconds"] = options?["gracePeriodSeconds"]?.DeepClone() ?? 30;
        return (200, (JsonObject)pod.DeepClone());
    }

    private JsonObject List(string query, int page)
    {
        var from = query.Split('&').Select(p => p.Split('=')).FirstOrDefault(p => p[0] == "continue") is [_, var token] ? int.Parse(token) : 0;
        var items = _pods.Values.Skip(from).Take(page).Select(p => p.DeepClone()).ToArray();
        var metadata = new JsonObject { ["resourceVersion"] = "1" };
        if (from + page < _pods.Count)
            metadata["continue"] = $"{from + page}";
        else if (Heals)
            GoOn();
        return new() { ["kind"] = "PodList", ["apiVersion"] = "v1", ["metadata"] = metadata, ["items"] = new JsonArray(items) };
    }

    /// <summary>One step: what began becomes ready; what is being deleted goes, and its controller begins another if it wants one.</summary>
    private void GoOn()
    {
        foreach (var pod in _pods.Values)
            SetReady(pod, true);
        foreach (var (name, pod) in _pods.Where(p => p.Value["metadata"]!["deletionTimestamp"] is not null).ToList())
        {
            _pods.Remove(name);
            var reference = pod["metadata"]!["ownerReferences"]?[0];
            var owner = _owners.Values.FirstOrDefault(o => o["metadata"]!["uid"]!.GetValue<string>() == reference?["uid"]?.GetValue<string>());
            if (owner is not null && _pods.Values.Count(p => p["metadata"]!["ownerReferences"]?[0]?["uid"]?.GetValue<string>() == reference!["uid"]!.GetValue<string>()) < owner["spec"]!["replicas"]!.GetValue<int>())
                AddPod($"{owner["metadata"]!["name"]}-{++_made:x5}", ("apps/v1", "ReplicaSet", owner["metadata"]!["name"]!.GetValue<string>(), owner["metadata"]!["uid"]!.GetValue<string>()), ready: false);
        }
    }

    private void AddPod(string name, (string Api, string Kind, string Name, string Uid)? owner, bool ready)
    {
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = "shop",
            ["uid"] = $"uid-of-{name}",
            ["labels"] = new JsonObject { ["app"] = "items", ["pressure.chaos"] = "allow" },
        };
        if (owner is var (api, kind, controller, uid))
            metadata["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = api, ["kind"] = kind, ["name"] = controller, ["uid"] = uid, ["controller"] = true, ["blockOwnerDeletion"] = true });
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "items", ["image"] = "shop/items:1" }), ["nodeName"] = "node-1" },
            ["status"] = new JsonObject { ["phase"] = "Running" },
        };
        SetReady(pod, ready);
        _pods[name] = pod;
    }

    private static void SetReady(JsonObject pod, bool ready)
    {
        pod["status"]!["phase"] = ready ? "Running" : "Pending";
        pod["status"]!["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False" });
    }
}
