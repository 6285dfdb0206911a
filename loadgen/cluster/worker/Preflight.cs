using System.Net.Sockets;
using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>What can be known before a share begins: whether its targets can be reached, and whether this process may open as many connections.</summary>
internal static class Preflight
{
    /// <summary>Files that the process itself needs.</summary>
    private const int SpareDescriptors = 512;

    private const int MostTargets = 64;

    /// <summary>All that keeps a share from beginning.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(Workload workload, WorkShare share, string worker, TimeProvider time, CancellationToken stop)
    {
        // A target that is down in the middle of a run is what the run is to show: whoever takes a share over then presses it like the others.
        var targets = share.From > TimeSpan.Zero ? [] : Targets(workload.Plan);
        var unreachable = await Task.WhenAll(targets.Select(t => WhyUnreachableAsync(t, worker, workload.Plan.Http.ConnectTimeout, time, stop)));
        return [.. unreachable.OfType<string>(), .. Descriptors(workload, share, worker, EngineLimits.OpenFiles)];
    }

    /// <summary>Why this process could not open the connections that a share may need; nothing when it could.</summary>
    internal static IEnumerable<string> Descriptors(Workload workload, WorkShare share, string worker, long descriptors)
    {
        var needed = Connections(workload, share);
        if (needed > descriptors - SpareDescriptors)
        {
            yield return $"Worker {worker} may have {descriptors:N0} files open, and its share may need {needed:N0} connections at once. "
                + $"Raise its limit (ulimit -n) to {needed + SpareDescriptors}, use more workers, or lower http.maxConnections.";
        }
    }

    /// <summary>Connections that a share opens at the most: a user has one; of an open load as many as are asked for while the target does not answer at all.</summary>
    private static long Connections(Workload workload, WorkShare share)
    {
        var part = (double)share.Split.Weights[share.Index] / share.Split.Weights.Sum();
        var most = workload.Plan.Http.MaxConnections;
        if (workload.Load.Users is { Count: > 0 } users)
            return Math.Min(most, (long)Math.Ceiling(users.Max(s => Math.Max(s.FromUsers, s.ToUsers)) * part));
        if (workload.Load.Segments.Count == 0)
            return 1;
        var peak = workload.Load.Segments.Max(s => Math.Max(s.FromRate, s.ToRate));
        return Math.Min(most, (long)Math.Ceiling(peak * part * workload.Plan.Http.Timeout.TotalSeconds));
    }

    private static IEnumerable<(string Host, int Port)> Targets(LoadPlan plan)
    {
        // QUIC has no connection that could be tried without a handshake of its own.
        if (plan.Http.Version.Major >= 3)
            return [];
        var urls = plan.Http.Proxy is { } proxy ? [proxy.Address] : plan.Requests.Select(r => r.Url);
        return urls.Select(u => (u.DnsSafeHost, u.Port)).Distinct().Take(MostTargets);
    }

    private static async Task<string?> WhyUnreachableAsync((string Host, int Port) target, string worker, TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await socket.ConnectAsync(target.Host, target.Port, either.Token);
            return null;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            var why = e is SocketException failed ? failed.Message : $"no answer within {patience.TotalSeconds:0.#} s";
            return $"Worker {worker} can't reach {target.Host}:{target.Port}: {why}. Check the address, and routes and firewalls between the two.";
        }
    }
}
