using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Somewhere traffic passes that is replayed meanwhile: an interface of this machine, an agent's host. Disposing of it ends the capture.</summary>
public interface ILiveSource : IDisposable
{
    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>How it stands. On any thread.</summary>
    LiveStanding Standing { get; }

    /// <summary>Hands on what passes from now on, on a thread of its own, with times on this machine's clock. Called once.</summary>
    void Start(IExchangeSink to);

    /// <summary>Ends the capture, and waits a while until all that was captured has been handed on.</summary>
    void Stop();
}

/// <summary>How a source stands.</summary>
/// <param name="Kernel">Packets that its kernel dropped.</param>
/// <param name="Shed">Packets that were let go to spare its processor.</param>
/// <param name="Dropped">Exchanges that were dropped on the way here.</param>
/// <param name="Trouble">Why nothing comes at the moment, as an English clause; null when nothing is wrong.</param>
/// <param name="Ended">Whether nothing more will come.</param>
public readonly record struct LiveStanding(long Kernel, long Shed, long Dropped, string? Trouble, bool Ended);
