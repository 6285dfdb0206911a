namespace Pressure.TrafficCopy;

/// <summary>The parts of what a request line asks for.</summary>
public readonly ref struct RequestTarget
{
    /// <summary>Looks at a target.</summary>
    public RequestTarget(ReadOnlySpan<byte> target)
    {
        PathAndQuery = target;
        if (target is [(byte)'/', ..] || target.IndexOf("://"u8) is not (>= 0 and var scheme) || target[..scheme].IndexOfAny((byte)'/', (byte)'?') >= 0)
            return;
        var rest = target[(scheme + 3)..];
        var end = rest.IndexOfAny((byte)'/', (byte)'?');
        Host = end < 0 ? rest : rest[..end];
        Host = Host[(Host.LastIndexOf((byte)'@') + 1)..];
        PathAndQuery = end < 0 ? "/"u8 : rest[end..];
    }

    /// <summary>Host and port, if the target names them (absolute form).</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>What follows the host; all of it where there is none.</summary>
    public ReadOnlySpan<byte> PathAndQuery { get; }
}
