namespace Pressure.TrafficCopy;

/// <summary>
/// The whole way into a store: filter, masking, writer. For files of packets, live captures and mirrors alike. Used by one thread at a time.
/// </summary>
public sealed class CaptureRecording : IExchangeSink, IDisposable
{
    private readonly CaptureWriter _writer;
    private readonly Masking _masking;
    private readonly ExchangeFilter _filter;
    private readonly MaskRules _masks;

    /// <summary>Begins a capture.</summary>
    /// <param name="path">The file, which must not be there yet.</param>
    /// <param name="filter">Which exchanges are taken.</param>
    /// <param name="masks">What is masked; told at the beginning of the file.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public CaptureRecording(string path, FilterRules filter, MaskRules masks, CaptureWriterOptions? options = null, TimeProvider? time = null)
    {
        _masks = masks;
        _writer = new CaptureWriter(path, (options ?? new()) with { Masked = masks.InWords }, time);
        _masking = new Masking(masks, _writer);
        _filter = new ExchangeFilter(filter, _masking);
    }

    /// <summary>Exchanges written so far.</summary>
    public long Exchanges => _writer.Exchanges;

    /// <inheritdoc/>
    /// <exception cref="CaptureWriteException">The disk is full, or fails.</exception>
    public void Take(CapturedExchange exchange) => _filter.Take(exchange);

    /// <inheritdoc/>
    public void EndConnection(long connection, long at) => _filter.EndConnection(connection, at);

    /// <summary>Ends the capture.</summary>
    /// <param name="accounts">What became of the packets; without any, there are none to be told of.</param>
    /// <param name="leftOut">What was left out on the way here, by reason.</param>
    /// <exception cref="CaptureWriteException">The disk is full, or fails.</exception>
    public CaptureInfo Complete(CaptureAccounts? accounts = null, IReadOnlyDictionary<string, long>? leftOut = null) => _writer.Complete(new()
    {
        Accounts = accounts is { Packets: > 0 } ? accounts : null,
        LeftOut = _filter.LeftOut.Concat(leftOut ?? new Dictionary<string, long>()).GroupBy(l => l.Key).ToDictionary(g => g.Key, g => g.Sum(l => l.Value)),
        MaskedCounts = _masks.IsEmpty ? new Dictionary<string, long>() : _masking.Counts,
    });

    /// <summary>Closes the file. Without <see cref="Complete"/> what is held is written, but no index.</summary>
    public void Dispose() => _writer.Dispose();
}
