namespace Pressure.Faults;

/// <summary>A fault that an executor has begun with: asked for, in force, or ended.</summary>
internal sealed class HeldFault(string handle, FaultOrder order) : IDisposable
{
    private readonly TaskCompletionSource<string> _endAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FaultEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cut = new();

    private bool _forgotten;

    /// <summary>Its handle.</summary>
    public string Handle => handle;

    /// <summary>What was asked for.</summary>
    public FaultOrder Order => order;

    /// <summary>Completes with who ends it before its deadline.</summary>
    public Task<string> EndAsked => _endAsked.Task;

    /// <summary>Completes when it has ended.</summary>
    public Task<FaultEnd> Ended => _ended.Task;

    /// <summary>Cancelled when it is not wanted any more; cuts applying short, never undoing.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>Asks for its end; only the first one counts.</summary>
    public void AskEnd(string by)
    {
        if (!_endAsked.TrySetResult(by))
            return;
        lock (_cut)
        {
            if (!_forgotten)
                _cut.Cancel();
        }
    }

    /// <summary>Says how it ended.</summary>
    public void End(FaultEnd end) => _ended.TrySetResult(end);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_cut)
            _forgotten = true;
        _cut.Dispose();
    }
}
