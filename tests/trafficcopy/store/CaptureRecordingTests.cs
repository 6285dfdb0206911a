namespace Pressure.TrafficCopy.Tests;

public sealed class CaptureRecordingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_recording_filters_masks_writes_and_tells_of_all_three()
    {
        var accounts = new CaptureAccounts { Packets = 1 };
        accounts.Count(PacketFate.Used);
        using (var recording = new CaptureRecording(_folder.File("x.capture"), new() { ExceptPaths = ["/health"] }, MaskRules.Default))
        {
            recording.Take(Exchanges.Get(1, 0, 0, "/health"));
            recording.Take(Exchanges.Get(1, 1, 10, "/a?token=hush"));
            recording.EndConnection(1, 20);
            recording.Complete(accounts, new Dictionary<string, long> { ["path"] = 2, ["from-cache"] = 3 });
        }

        using var reader = CaptureReader.Open(_folder.File("x.capture"));
        var kept = Assert.Single(reader.ByTime().Select(e => e.Keep()));
        Assert.Equal("/a?token=***"u8.ToArray(), new HttpHead(kept.Request.Head.Span).Target.ToArray());
        Assert.Equal(ExchangeMarks.Masked | ExchangeMarks.Last, kept.Marks);
        Assert.Equal(new Dictionary<string, long> { ["path"] = 3, ["from-cache"] = 3 }, reader.Info.LeftOut);
        Assert.Equal((1, 1), (reader.Info.MaskedCounts["values"], reader.Info.MaskedCounts["exchanges"]));
        Assert.Contains("values of cookies", reader.Info.Masked);
        Assert.Equal(1, reader.Info.Accounts!.Packets);
    }

    [Fact]
    public void Without_masks_and_packets_there_is_nothing_to_tell_of_them()
    {
        using (var recording = new CaptureRecording(_folder.File("x.capture"), new(), MaskRules.None))
        {
            recording.Take(Exchanges.Get(1, 0, 0));
            Assert.Equal(1, recording.Exchanges);
            recording.Complete(new CaptureAccounts());
        }

        using var reader = CaptureReader.Open(_folder.File("x.capture"));
        Assert.Empty(reader.Info.Masked);
        Assert.Empty(reader.Info.MaskedCounts);
        Assert.Null(reader.Info.Accounts);
    }
}
