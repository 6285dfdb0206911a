using System.Runtime.InteropServices;

namespace Pressure.Agent.Program;

/// <summary>Ctrl-C and SIGTERM: the first asks to leave, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public StopSignals() => _registrations = [Register(PosixSignal.SIGINT), Register(PosixSignal.SIGTERM)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Leave => _leave.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _leave.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        if (Interlocked.Increment(ref _count) > 1)
            Environment.Exit(ExitCodes.Failed);
        context.Cancel = true;
        try
        {
            _leave.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A handler that has begun already goes on while its registration is disposed: there is nothing to stop any more.
        }
    });
}
