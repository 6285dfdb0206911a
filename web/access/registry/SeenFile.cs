namespace Pressure.Web.Access;

/// <summary>When each agent was last heard of: <c>seen.json</c>, written now and then and at the end, since it is of no more than interest after a start.</summary>
internal sealed class SeenFile
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);
    private readonly string _path;
    private readonly AgentRegistry _registry;
    private readonly TimeProvider _time;
    private long _written;

    /// <exception cref="IOException">The file can't be read.</exception>
    public SeenFile(string path, AgentRegistry registry, TimeProvider time)
    {
        (_path, _registry, _time, _written) = (path, registry, time, time.GetTimestamp());
        foreach (var (id, seen) in AccessJson.Read<Dictionary<string, Seen>>(path) ?? [])
            registry.ById(id)?.Remember(seen.At, seen.Left);
    }

    public void Tick()
    {
        if (_time.GetElapsedTime(_written) >= Every)
            Write();
    }

    public void Write()
    {
        _written = _time.GetTimestamp();
        var seen = new Dictionary<string, Seen>();
        foreach (var agent in _registry.All.Select(a => a.Presence()))
        {
            if (agent.LastHeard is { } at)
                seen[agent.Id] = new Seen(at, agent.Left);
        }
        try
        {
            AccessJson.Write(_path, seen, durable: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next time, perhaps; what is lost is a moment on a page.
        }
    }

    private sealed record Seen(DateTimeOffset At, string? Left);
}
