namespace Pressure.Faults;

/// <summary>An intent that this process owns: nobody else undoes it until it is let go of, or this process ends.</summary>
public sealed class HeldIntent : IDisposable
{
    private readonly FileLock _lock;

    internal HeldIntent(FaultIntent intent, FileLock held) => (Intent, _lock) = (intent, held);

    /// <summary>What was intended.</summary>
    public FaultIntent Intent { get; }

    /// <summary>Lets go of it; an intent that is still in the journal is an orphan then.</summary>
    public void Dispose() => _lock.Dispose();
}
