namespace Pressure.Cluster;

/// <summary>A limit of time for something at a broker, whose passing is a <see cref="BusException"/>.</summary>
internal sealed class Limit : IDisposable
{
    /// <summary>What is said about a bus that was disposed of.</summary>
    public const string Closed = "The bus is closed.";

    private readonly TimeSpan _length;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _either;

    public Limit(RabbitBusOptions options, CancellationToken stop)
        : this(options.Limit, options.Time, stop)
    {
    }

    public Limit(TimeSpan length, TimeProvider time, CancellationToken stop)
    {
        (_length, _stop) = (length, stop);
        _over = new CancellationTokenSource(length, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(stop, _over.Token);
    }

    public CancellationToken Token => _either.Token;

    public async Task KeepAsync(Func<Task> deed, Func<string> trouble)
    {
        try
        {
            await deed();
        }
        catch (OperationCanceledException e) when (!_stop.IsCancellationRequested && _over.IsCancellationRequested)
        {
            throw new BusException($"{trouble()} That lasted longer than {_length.TotalSeconds:0.#} s.", e);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _over.Dispose();
    }
}
