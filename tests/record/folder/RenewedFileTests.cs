using System.Text;

namespace Pressure.Record.Tests;

public sealed class RenewedFileTests : IDisposable
{
    private static readonly ReplayRecord Replay = new()
    {
        Captures = [new("a.capture", 1_000, 900, 12, TimeSpan.FromSeconds(60)), new("b.pcap", 5, 5, 1, TimeSpan.Zero), new("eth0", 5, 5, 1, TimeSpan.Zero) { Sent = 5, Live = new(1, 2, 3, 4, 5, 6) }, new("web1", 5, 5, 1, TimeSpan.Zero) { Live = new(0, 0, 0, 0, 0, 1, "gone") }],
        Speed = null,
        Multiply = 5,
        Planned = 4_525,
        Sent = 4_500,
        Held = 7,
        Skipped = new Dictionary<string, long> { ["method"] = 100 },
        Carried = 3,
        Timing = [new(50, TimeSpan.FromMicroseconds(34)), new(99, TimeSpan.FromMilliseconds(1.2))],
        Drift = 0.0004,
    };

    private static readonly DifferenceRecord Differences = new()
    {
        Compared = 4_000,
        Same = 3_990,
        NotCompared = new Dictionary<string, long> { ["no-answer"] = 500 },
        PartsLeftOut = new Dictionary<string, long> { ["cut"] = 2 },
        Against = "primary-secondary",
        Fields = [new("GET /item/{id}", "$.price", "changed", 10, 900, 1, [new("/item/1?<b>", "10", null), new("/item/2", null, "11")]) { IsNoise = true }],
        MoreFields = 3,
    };

    private readonly TempFolder _temp = new();

    private string Run => _temp.File("run");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void What_is_known_of_a_replay_is_renewed_and_read_back()
    {
        using (var writer = RunFolder.Create(Run, Sample.Manifest, Sample.Plan))
        {
            writer.Write(Replay with { Sent = 1 });
            writer.Write(Replay);
            writer.Write(Differences);
        }

        var record = RunFolder.Read(Run);

        Assert.Equivalent(Replay, record.Replay, strict: true);
        Assert.Equivalent(Differences, record.Differences, strict: true);
        Assert.Empty(record.Recoveries);
        Assert.Empty(Directory.GetFiles(Run, "*.tmp"));
    }

    [Fact]
    public void A_run_without_them_has_none()
    {
        RunFolder.Create(Run, Sample.Manifest, Sample.Plan).Dispose();

        var record = RunFolder.Read(Run);

        Assert.Null(record.Replay);
        Assert.Null(record.Differences);
        Assert.Empty(record.Recoveries);
    }

    [Fact]
    public void Members_that_are_missing_have_their_defaults()
    {
        Write(RunFolder.ReplayFile, """{"captures":[],"speed":null}""");
        Write(RunFolder.DifferencesFile, """{"compared":1,"same":1,"against":"captured","later":true}""");

        var record = RunFolder.Read(Run);

        Assert.Empty(record.Recoveries);
        Assert.Equal((0, 0), (record.Replay!.Skipped.Count, record.Replay.Timing.Count));
        Assert.Equal((0, 0, 0), (record.Differences!.Fields.Count, record.Differences.NotCompared.Count, record.Differences.PartsLeftOut.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"compared\":1")]
    [InlineData("{\"compared\":1,\"same\":2,\"against\":\"captured\"}")]
    [InlineData("{\"compared\":-1,\"same\":-2,\"against\":\"captured\"}")]
    [InlineData("{\"compared\":1,\"same\":1,\"against\":null}")]
    [InlineData("{\"compared\":1,\"same\":1,\"against\":\"x\",\"fields\":[null]}")]
    [InlineData("{\"compared\":1,\"same\":1,\"against\":\"x\",\"fields\":[{\"endpoint\":\"a\",\"field\":\"b\",\"kind\":\"c\",\"answers\":2,\"of\":1,\"noise\":0,\"samples\":[]}]}")]
    [InlineData("{\"compared\":1,\"same\":1,\"against\":\"x\",\"fields\":[{\"endpoint\":\"a\",\"field\":\"b\",\"kind\":\"c\",\"answers\":1,\"of\":1,\"noise\":0,\"samples\":[null]}]}")]
    public void A_file_that_makes_no_sense_is_left_out_and_said(string text)
    {
        Write(RunFolder.DifferencesFile, text);

        var record = RunFolder.Read(Run);

        Assert.Null(record.Differences);
        var torn = Assert.Single(record.Recoveries);
        Assert.Equal((RunFolder.DifferencesFile, 0, text.Length), (torn.File, torn.BytesKept, (int)torn.BytesCut));
        Assert.NotEmpty(torn.Why);
    }

    [Theory]
    [InlineData("{\"captures\":[null],\"speed\":1}")]
    [InlineData("{\"captures\":[],\"speed\":\"NaN\"}")]
    [InlineData("{\"captures\":[],\"speed\":1,\"drift\":\"Infinity\"}")]
    [InlineData("{\"captures\":[],\"speed\":1,\"sent\":-1}")]
    [InlineData("{\"captures\":[],\"speed\":1,\"timing\":[{\"percentile\":101,\"error\":\"00:00:01\"}]}")]
    public void A_replay_that_makes_no_sense_is_left_out_and_said(string text)
    {
        Write(RunFolder.ReplayFile, text);

        Assert.Null(RunFolder.Read(Run).Replay);
        Assert.Equal(RunFolder.ReplayFile, Assert.Single(RunFolder.Read(Run).Recoveries).File);
    }

    [Fact]
    public void A_file_that_is_too_long_is_not_read()
    {
        RunFolder.Create(Run, Sample.Manifest, Sample.Plan).Dispose();
        using (var file = File.Create(Path.Combine(Run, RunFolder.ReplayFile)))
            file.SetLength(50L << 30);

        Assert.Contains("longer than", Assert.Single(RunFolder.Read(Run).Recoveries).Why, StringComparison.Ordinal);
    }

    private void Write(string name, string text)
    {
        if (!RunFolder.Exists(Run))
            RunFolder.Create(Run, Sample.Manifest, Sample.Plan).Dispose();
        File.WriteAllText(Path.Combine(Run, name), text, new UTF8Encoding(false));
    }
}
