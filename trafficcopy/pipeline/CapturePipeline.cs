namespace Pressure.TrafficCopy;

/// <summary>
/// Makes conversations of packets: of files one after another as if they were one, or of packets as they are captured. What becomes of everything is counted in
/// one place. Owned by one thread.
/// </summary>
/// <remarks>
/// <code>
/// file | live capture -> PacketDecoder -> (ConnectionShedding) -> Reassembler -> opener -> whoever takes exchanges
///                              \___________________ \______________ \____________ \______ CaptureAccounts
/// </code>
/// </remarks>
public sealed class CapturePipeline : IPacketSink
{
    private readonly PacketDecoder _decoder;
    private readonly ConnectionShedding _shedding;
    private readonly Reassembler _reassembler;

    /// <summary>Makes one.</summary>
    /// <param name="opener">Makes whoever takes a connection's bytes.</param>
    /// <param name="accounts">Where it counts; shared with whoever the opener makes.</param>
    /// <param name="asked">Whose connections are asked for; null for all.</param>
    /// <param name="limits">How much may be held; null for what suits most.</param>
    public CapturePipeline(IConversationOpener opener, CaptureAccounts accounts, AskedServers? asked = null, ReassemblyLimits? limits = null)
    {
        Accounts = accounts;
        _reassembler = new Reassembler(opener, accounts, asked, limits);
        _shedding = new ConnectionShedding(_reassembler, accounts);
        _decoder = new PacketDecoder(_shedding, accounts);
    }

    /// <summary>One that makes exchanges: whatever a connection speaks, as far as the options have a reader for it.</summary>
    public static CapturePipeline ToExchanges(IExchangeSink to, CaptureAccounts accounts, CapturePipelineOptions? options = null)
    {
        options ??= new CapturePipelineOptions();
        return new CapturePipeline(new ConversationOpener(to, accounts, options.WithReaders()), accounts, options.Asked, options.Limits);
    }

    /// <summary>What became of everything so far.</summary>
    public CaptureAccounts Accounts { get; }

    /// <summary>Where segments go that something else makes of packets.</summary>
    public ISegmentSink Segments => _reassembler;

    /// <summary>Reads a file; connections may go on in the next one. Nothing is thrown for what it holds: the outcome tells.</summary>
    public CaptureFileOutcome Read(string file, CaptureReadOptions? options = null) => CaptureFileReader.Read(file, this, Accounts, options);

    /// <summary>Captures live on the calling thread, until the capture has enough or is told to stop. Flush afterwards.</summary>
    public LiveCaptureOutcome Capture(LiveCapture capture, CancellationToken stop) => capture.Run(this, Accounts, _shedding, Tick, stop);

    /// <inheritdoc/>
    public void Take(in CapturedPacket packet) => _decoder.Take(packet);

    /// <summary>Tells the time of a live capture while no packets come, so that what waits does not wait for them.</summary>
    /// <param name="at">Nanoseconds since 1970 (UTC).</param>
    public void Tick(long at) => _reassembler.Tick(at);

    /// <summary>The capture is over: hands on what is held, and ends every connection.</summary>
    public void Flush()
    {
        _decoder.Flush();
        _reassembler.Flush();
    }
}
