using System.Runtime.InteropServices;

namespace Pressure.Cli;

/// <summary>Ctrl-C and SIGTERM: the first asks to stop, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public StopSignals() =>
        _registrations = [Register(PosixSignal.SIGINT, "Ctrl-C"), Register(PosixSignal.SIGTERM, "SIGTERM")];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>What asked to stop, for the timeline.</summary>
    public string By { get; private set; } = "Ctrl-C";

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    /// <summary>A signal has come.</summary>
    internal void Take(string name)
    {
        if (Interlocked.Increment(ref _count) > 1)
            Environment.Exit(ExitCodes.Interrupted);
        By = name;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A handler that has begun already goes on while its registration is disposed: there is nothing to stop any more.
        }
    }

    private PosixSignalRegistration Register(PosixSignal signal, string name) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Take(name);
    });
}
