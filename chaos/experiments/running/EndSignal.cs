namespace Pressure.Chaos;

/// <summary>Ends a run early, once: somebody stops it, or it stops itself. The first reason stays.</summary>
internal sealed class EndSignal : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenRegistration _stop;
    private readonly Lock _gate = new();

    public EndSignal(CancellationToken stop)
    {
        Stopped = stop;
        _stop = stop.Register(() => End(ExperimentStatus.Interrupted, "stopped by somebody"));
    }

    /// <summary>Cancelled when somebody stops it.</summary>
    public CancellationToken Stopped { get; }

    /// <summary>Cancelled when nothing new may begin.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>How it ends; null while it goes on.</summary>
    public ExperimentStatus? Status { get; private set; }

    /// <summary>Why, an English clause.</summary>
    public string Why { get; private set; } = "";

    public void End(ExperimentStatus status, string why)
    {
        lock (_gate)
        {
            if (Status is not null)
                return;
            (Status, Why) = (status, why);
        }
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run was over in the meantime: whoever looks for its stop file may be at it still.
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _end.Dispose();
    }
}
