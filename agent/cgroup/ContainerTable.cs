using System.Text;

namespace Pressure.Agent;

/// <summary>The containers that run on a host: those with a process in them.</summary>
/// <param name="root">Where the control groups are mounted.</param>
internal sealed class ContainerTable(string root)
{
    /// <summary>More than these are not sampled.</summary>
    internal const int Max = 300;

    private readonly Dictionary<string, Container> _running = new(StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Container> Running => _running.Values;

    /// <summary>The container that a process is in, which may be new; null if it is in none.</summary>
    /// <param name="text">The process's <c>/proc/PID/cgroup</c>.</param>
    public Container? Of(ReadOnlySpan<byte> text)
    {
        var id = ContainerPath.IdIn(text);
        if (id.IsEmpty)
            return null;
        Span<char> key = stackalloc char[id.Length];
        Encoding.ASCII.GetChars(id, key);
        if (_running.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var known))
            return known;
        if (_running.Count >= Max || ContainerPath.Parse(text, root) is not { } path)
            return null;
        return _running[path.Id] = new Container(path);
    }

    /// <summary>Nobody is left in it.</summary>
    public void Remove(Container container) => _running.Remove(container.WholeId);
}
