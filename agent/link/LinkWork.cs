namespace Pressure.Agent;

/// <summary>A ring that a link sends from until it is wanted back, and as which process it does so.</summary>
internal sealed class LinkWork(EntryRing ring, Guid instance, Guid? replaces) : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where entries come from.</summary>
    public EntryRing Ring => ring;

    /// <summary>The running process, for the centre.</summary>
    public Guid Instance => instance;

    /// <summary>The one that it takes the place of.</summary>
    public Guid? Replaces => replaces;

    /// <summary>Says that the ring is wanted back.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Completes when the ring is not used any more.</summary>
    public Task Returned => _returned.Task;

    /// <summary>The ring is not used any more.</summary>
    public void Return() => _returned.TrySetResult();

    /// <summary>Wants the ring back; completes when it is not used any more.</summary>
    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await Returned;
    }

    public void Dispose() => _over.Dispose();
}
