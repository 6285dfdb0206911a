using System.Buffers.Binary;

namespace Pressure.TrafficCopy.Tests;

public sealed class CaptureSourcesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_that_follow_one_another_are_read_as_one_whatever_their_names_are()
    {
        var whole = Packets("whole.pcapng", Talk(1, 0));
        // In the middle of a request of several packets.
        var cut = Split(whole, "z-first.pcapng", "a-second.pcapng");

        var (taken, outcome, accounts) = Read(_folder.File("a-second.pcapng"), _folder.File("z-first.pcapng"));

        Assert.True(cut > 0);
        Assert.Empty(outcome.Problems);
        Assert.Equal(0, outcome.Overlapping);
        Assert.Equal(Read(whole).Taken.Select(Exchanges.Text), taken.Select(Exchanges.Text));
        Assert.Equal((0, true), (accounts[Happening.Gap], accounts.IsBalanced));
    }

    [Fact]
    public void Files_of_several_machines_are_told_apart_and_their_connections_numbered_through()
    {
        var files = Enumerable.Range(0, 5).Select(machine => Packets($"m{machine}.pcapng", Talk(1, machine * 1_000_000))).ToArray();

        var (taken, outcome, accounts) = Read(files);

        Assert.Equal(4, outcome.Overlapping);
        Assert.Equal(5 * Talk(1, 0).Count(), taken.Count);
        Assert.Equal(5 * Talk(1, 0).Select(e => e.Connection).Distinct().Count(), taken.Select(e => e.Connection).Distinct().Count());
        Assert.True(accounts.IsBalanced);
    }

    [Fact]
    public void Formats_can_be_mixed_and_a_store_is_read_by_time()
    {
        var store = _folder.File("s.capture");
        Exchanges.Write(store, Talk(1, 0));
        var har = _folder.File("h.har");
        using (var file = File.Create(har))
            HarExport.Write(Talk(1, 0), file, har, FormatSamples.Stop);
        var gor = _folder.File("g.gor");
        using (var file = File.Create(gor))
            GorExport.Write(Talk(1, 0), file, gor, FormatSamples.Stop);
        var each = Talk(1, 0).Count();

        var (taken, outcome, _) = Read(store, har, gor, Packets("p.pcapng", Talk(1, 0)));

        Assert.Empty(outcome.Problems);
        Assert.Equal(4 * each, taken.Count);
        Assert.Equal(4 * Talk(1, 0).Select(e => e.Connection).Distinct().Count(), taken.Select(e => e.Connection).Distinct().Count());
    }

    [Fact]
    public void What_can_not_be_read_is_told_and_the_rest_is_read()
    {
        var text = _folder.File("notes.txt");
        File.WriteAllText(text, "hello world");
        var empty = _folder.File("empty.pcap");
        File.WriteAllText(empty, "");

        var (taken, outcome, _) = Read(text, _folder.File("nowhere.pcap"), empty, Packets("p.pcapng", Talk(1, 0)));

        Assert.Equal(Talk(1, 0).Count(), taken.Count);
        Assert.Equal([_folder.File("empty.pcap"), _folder.File("notes.txt"), _folder.File("nowhere.pcap")], outcome.Unreadable.Order());
        Assert.Equal(3, outcome.Problems.Count);
    }

    [Fact]
    public void Any_file_can_be_opened_by_time_and_leaves_nothing_behind()
    {
        var gor = _folder.File("g.gor");
        using (var file = File.Create(gor))
            GorExport.Write(Talk(1, 0), file, gor, FormatSamples.Stop);
        foreach (var path in (string[])[gor, Packets("p.pcapng", Talk(1, 0))])
        {
            using (var reader = CaptureFile.Open(path))
            {
                Assert.Equal(path, reader.Info.Name);
                Assert.Equal(Talk(1, 0).Select(e => e.At).Order(), reader.ByTime().Select(e => e.At));
                Assert.Equal(Talk(1, 0).Count(), reader.ByTime().Count());
                Assert.Equal(path.EndsWith(".pcapng", StringComparison.Ordinal), reader.Info.Accounts is not null);
            }
        }

        Assert.Equal(["g.gor", "p.pcapng"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        File.WriteAllText(gor, "nothing");
        Assert.Contains("it is no capture", Assert.Throws<InvalidDataException>(() => CaptureFile.Open(gor)).Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.Throws<FileNotFoundException>(() => CaptureFile.Open(_folder.File("nowhere")));
    }

    [Fact]
    public void It_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var store = _folder.File("s.capture");
        Exchanges.Write(store, Enumerable.Range(0, 20_000).Select(i => Exchanges.Get(i % 9, i / 9, i)));
        var sink = new Sink();

        var outcome = CaptureSources.Read([store], sink, new CaptureAccounts(), new() { Stop = stop.Token, Progress = (_, _) => stop.Cancel() });

        Assert.True(outcome.Stopped);
        Assert.InRange(sink.Taken.Count, 1, 19_999);
    }

    private static IEnumerable<CapturedExchange> Talk(long connection, long at) => Enumerable.Range(0, 12).Select(i =>
    {
        var body = new string((char)('a' + i), 4_000);
        return FormatSamples.Exchange(connection + (i % 3), i / 3, at + (i * 3_000_000L), $"POST /{i} HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n", body, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n", body);
    });

    private static (List<CapturedExchange> Taken, CaptureSourcesOutcome Outcome, CaptureAccounts Accounts) Read(params string[] files)
    {
        var (sink, accounts) = (new Sink(), new CaptureAccounts());
        var outcome = CaptureSources.Read(files, sink, accounts);
        return (sink.Taken, outcome, accounts);
    }

    private string Packets(string name, IEnumerable<CapturedExchange> exchanges)
    {
        using var file = File.Create(_folder.File(name));
        PcapngExport.Write(exchanges, file, name, FormatSamples.Stop);
        return _folder.File(name);
    }

    /// <summary>Splits a file amid its packets and gives how many are in the first part.</summary>
    private int Split(string path, string first, string second)
    {
        var bytes = File.ReadAllBytes(path);
        const int Beginning = 28 + 32;
        var (at, packets) = (Beginning, 0);
        for (; at < bytes.Length / 2; packets++)
            at += BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
        File.WriteAllBytes(_folder.File(first), bytes[..at]);
        File.WriteAllBytes(_folder.File(second), [.. bytes[..Beginning], .. bytes[at..]]);
        return packets;
    }
}
