namespace Pressure.TrafficCopy;

/// <summary>One reading of one file, whatever its format: hands packets on, and keeps what is to be told in the end.</summary>
internal sealed class CaptureReading(string file, FileWindow window, IPacketSink sink, CaptureAccounts accounts, ISecretsSink? secrets)
{
    private readonly List<CaptureFileProblem> _problems = [];
    private long _further;
    private long _packets;

    /// <summary>Most bytes of a packet that are believed; tcpdump's own limit.</summary>
    public const int MaxPacket = 262_144;

    /// <summary>The file.</summary>
    public FileWindow Window => window;

    /// <summary>Who takes secrets.</summary>
    public ISecretsSink? Secrets => secrets;

    /// <summary>The last packet's time.</summary>
    public long LastAt { get; private set; }

    /// <summary>Whether there has been a packet.</summary>
    public bool HasPackets => _packets > 0;

    /// <summary>Hands on a packet.</summary>
    public void Take(long at, LinkType link, ReadOnlySpan<byte> data, long length)
    {
        if (at < LastAt)
            accounts.Count(Happening.TimeWentBack);
        LastAt = at;
        _packets++;
        sink.Take(new CapturedPacket(at, link, data, length));
    }

    /// <summary>Counts packets that whoever captured has dropped.</summary>
    /// <remarks>Any number can stand in a file, for each of very many interfaces.</remarks>
    public void Dropped(long packets) => accounts.Count(Happening.DroppedByCapture, Math.Min(packets, long.MaxValue - accounts[Happening.DroppedByCapture]));

    /// <summary>Notes a problem at the window's beginning.</summary>
    public void Note(string what, string remedy) => Note(window.Offset, what, remedy);

    /// <summary>Notes a problem.</summary>
    public void Note(long offset, string what, string remedy)
    {
        if (_problems.Count < CaptureFileOutcome.MostProblems)
            _problems.Add(new CaptureFileProblem(file, offset, what, remedy));
        else
            _further++;
    }

    /// <summary>Notes that the file ends within something that is <paramref name="needed"/> bytes long. Nothing when it was told to end.</summary>
    public void NoteCut(string within, long needed)
    {
        if (window.Stopped || window.Trouble is not null)
            return;
        var there = window.Peek((int)Math.Min(needed, FileWindow.MaxPiece)).Length;
        Note(
            $"the file ends within {within} of {needed:N0} bytes, of which {there:N0} are there.",
            "Everything before it was read. Capturing was cut off, or the file was copied before it was whole: copy it again, or take it as it is.");
    }

    /// <summary>What came of it.</summary>
    public CaptureFileOutcome Done(CaptureFormat format)
    {
        if (window.Trouble is { } trouble)
            Note($"it can't be read further: {trouble}", "Everything before it was read. A packed file that was cut off ends like this: copy it again, or take it as it is.");
        return new CaptureFileOutcome
        {
            File = file,
            Format = format,
            Packets = _packets,
            Bytes = window.Offset,
            Problems = _problems,
            FurtherProblems = _further,
            Stopped = window.Stopped,
        };
    }
}
