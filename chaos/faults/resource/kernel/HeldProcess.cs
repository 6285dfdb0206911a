namespace Pressure.Faults;

/// <summary>A process held by a descriptor: what is sent to it reaches this one and never a later one with the same id.</summary>
internal sealed class HeldProcess : IDisposable
{
    private readonly int _descriptor;

    private HeldProcess(int descriptor, HostProcess process) => (_descriptor, Process) = (descriptor, process);

    /// <summary>As it was when it was held.</summary>
    public HostProcess Process { get; }

    /// <summary>Its descriptor, to wait with.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Holds the process that started then; null if it has ended.</summary>
    public static HeldProcess? Hold(int pid, long start)
    {
        var descriptor = KernelCalls.OpenProcess(pid);
        if (descriptor < 0)
            return null;
        // Whatever has the id now has the descriptor too: the start tells whether it is the one that is meant.
        if (HostProcesses.Of(pid, start) is { } process)
            return new HeldProcess(descriptor, process);
        _ = KernelCalls.Close(descriptor);
        return null;
    }

    /// <summary>Sends a signal; false if it has ended, or is not ours.</summary>
    public bool Signal(int signal) => KernelCalls.Signal(_descriptor, signal);

    /// <summary>Waits for its end; false if it has not come by then.</summary>
    public async Task<bool> EndedAsync(TimeProvider time, TimeSpan patience, CancellationToken stop)
    {
        var step = TimeSpan.FromMilliseconds(20);
        for (var waited = TimeSpan.Zero; !KernelCalls.Ended(_descriptor, TimeSpan.Zero); waited += step)
        {
            if (waited >= patience)
                return false;
            await Task.Delay(step, time, stop);
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = KernelCalls.Close(_descriptor);
}
