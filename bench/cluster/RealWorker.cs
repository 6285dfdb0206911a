using System.Diagnostics;

namespace Pressure.Bench.Cluster;

/// <summary>A room for a worker: a network of its own, in which this machine and its broker have an address.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Here">This machine's address in it.</param>
internal sealed record Room(string Network, string Here)
{
    /// <summary>As it is written: <c>NAME=ADDRESS</c>.</summary>
    public static Room Parse(string text) => new(text[..text.IndexOf('=')], text[(text.IndexOf('=') + 1)..]);
}

/// <summary>A <c>pressure worker</c> in a room.</summary>
internal sealed class RealWorker : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    public RealWorker(string pressure, Room room, int brokerPort, string name, string state)
    {
        (Name, State) = (name, state);
        string[] arguments = ["netns", "exec", room.Network, pressure, "worker", "--broker", $"amqp://{room.Here}:{brokerPort}", "--name", name, "--state", state, "--capacity", "none", "--quiet"];
        _process = Process.Start(new ProcessStartInfo("ip", arguments))!;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its folder.</summary>
    public string State { get; }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
