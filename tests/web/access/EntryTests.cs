using Pressure.Agent;
using Pressure.TestKit;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

public sealed class EntryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = TimeProvider.System.GetUtcNow();
    private RunningAccess _access = null!;
    private Credential _credential = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _access = await RunningAccess.StartAsync();
        _credential = await _access.EnrolAsync();
    }

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    [Fact]
    public async Task What_is_sent_again_after_a_cut_is_stored_once_and_in_order()
    {
        var ring = Guid.NewGuid();
        await using (var agent = await _access.ConnectAsync(_credential, d => d with { Ring = ring }))
        {
            await agent.SampleAsync(0, Times(0, 3));
            await agent.AckedAsync(3);
            agent.Cut();
        }
        await using var back = await _access.ConnectAsync(_credential, d => d with { Ring = ring, Next = 6 });
        Assert.Equal(3, back.Welcome.Wanted);
        await back.SampleAsync(0, Times(0, 2));
        await back.SampleAsync(1, Times(1, 4));
        await back.SampleAsync(5, Times(5, 1));
        await back.AckedAsync(6);
        Assert.Equal(Times(0, 6), await StoredAsync(6));
    }

    [Fact]
    public async Task Entries_survive_an_end_of_the_service()
    {
        using var temp = new TempFolder();
        var ring = Guid.NewGuid();
        Credential credential;
        await using (var before = await RunningAccess.StartInAsync(temp.Path))
        {
            credential = await before.EnrolAsync();
            await using var agent = await before.ConnectAsync(credential, d => d with { Ring = ring });
            await agent.SampleAsync(0, Times(0, 2));
            await agent.AckedAsync(2);
        }
        // A crash while a record was being written.
        var log = Assert.Single(Directory.EnumerateFiles(temp.Path, "*.log", SearchOption.AllDirectories));
        await File.AppendAllBytesAsync(log, [0, 0, 1, 0, 7, 7, 7, 7, 1, 2, 3], Stop);
        await using var after = await RunningAccess.StartInAsync(temp.Path);
        await using var back = await after.ConnectAsync(credential, d => d with { Ring = ring, Next = 3 });
        Assert.Equal(2, back.Welcome.Wanted);
        await back.SampleAsync(2, Times(2, 1));
        await back.AckedAsync(3);
        Assert.Equal(Times(0, 3), await StoredAsync(3, after));
    }

    [Fact]
    public async Task Entries_that_never_come_are_counted_as_lost()
    {
        await using var agent = await _access.ConnectAsync(_credential, d => d with { Oldest = 100, Next = 102 });
        Assert.Equal(100, agent.Welcome.Wanted);
        await agent.SampleAsync(100, Times(0, 1));
        await agent.SampleAsync(108, Times(8, 1));
        await agent.AckedAsync(109);
        Assert.Equal(7, _access.Server.Find("web1")!.Lost);
    }

    [Fact]
    public async Task A_buffer_that_was_begun_anew_counts_from_its_own_beginning()
    {
        await using (var agent = await _access.ConnectAsync(_credential))
        {
            await agent.SampleAsync(0, Times(0, 5));
            await agent.AckedAsync(5);
        }
        await using var anew = await _access.ConnectAsync(_credential);
        Assert.Equal(0, anew.Welcome.Wanted);
        await anew.SampleAsync(0, Times(5, 1));
        await anew.AckedAsync(1);
        Assert.Equal(Times(0, 6), await StoredAsync(6));
    }

    [Fact]
    public async Task Who_follows_from_a_moment_gets_nothing_from_before_it()
    {
        await using var agent = await _access.ConnectAsync(_credential);
        await agent.SampleAsync(0, Times(0, 5));
        await agent.AckedAsync(5);
        var first = await _access.Server.FollowAsync("WEB1", Noon.AddSeconds(2.5), Stop).FirstAsync(Stop);
        Assert.Equal(Noon.AddSeconds(3), first.Entry.At);
    }

    [Fact]
    public async Task Following_ends_when_it_is_told_to()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var following = _access.Server.FollowAsync("web1", Noon, stop.Token).CountAsync(Stop).AsTask();
        await stop.CancelAsync();
        Assert.Equal(0, await following);
        Assert.Equal(0, await _access.Server.FollowAsync("nobody", Noon, Stop).CountAsync(Stop));
    }

    [Theory]
    [InlineData("{\"frame\":\"entries\",\"first\":-1,\"items\":[]}")]
    [InlineData("{\"frame\":\"entries\",\"first\":9223372036854775807,\"items\":[]}")]
    [InlineData("{\"frame\":\"entries\",\"first\":0,\"items\":[null]}")]
    [InlineData("{\"frame\":\"entries\",\"first\":0,\"items\":[{\"at\":\"2026-01-01T00:00:00Z\"}]}")]
    [InlineData("{\"frame\":\"entries\",\"first\":0,\"items\":[{\"at\":\"9999-12-31T23:59:59Z\",\"gc\":{\"host\":\"\",\"process\":\"\",\"pid\":1,\"runtime\":\"Jvm\",\"collector\":\"\",\"at\":\"00:00:00\",\"kind\":\"Full\",\"pause\":\"00:00:00\",\"duration\":\"00:00:00\"}}]}")]
    public async Task Entries_that_make_no_sense_end_the_connection(string frame)
    {
        await using var agent = await _access.ConnectAsync(_credential);
        await agent.SendAsync(System.Text.Encoding.UTF8.GetBytes(frame));
        Assert.Equal(RefusalCode.Malformed, Assert.IsType<Frame.Refused>(await agent.EndAsync()).Code);
    }

    [Fact]
    public void Old_entries_go_when_time_or_room_is_over()
    {
        using var temp = new TempFolder();
        var log = new EntryLog(temp.Path, new AccessLimits { KeepFor = TimeSpan.FromHours(5), KeepBytes = 1 << 30 });
        var ring = Guid.NewGuid();
        for (var hour = 0; hour < 24; hour++)
            log.Append(new EntryRecord(ring, hour, 0, 1, Noon.AddHours(hour), default), "{}"u8);
        Assert.InRange(Directory.GetFiles(temp.Path).Length, 5, 7);
        // Only the last file is looked at, and yet the number is known.
        Assert.Equal(24, new EntryLog(temp.Path, new AccessLimits()).WantedOf(ring));

        using var small = new TempFolder();
        var bounded = new EntryLog(small.Path, new AccessLimits { KeepBytes = 16 << 20 });
        var frame = new byte[200_000];
        for (var i = 0; i < 200; i++)
            bounded.Append(new EntryRecord(ring, i, 0, 1, Noon.AddSeconds(i), default), frame);
        Assert.InRange(Directory.GetFiles(small.Path).Sum(f => new FileInfo(f).Length), 8 << 20, 17 << 20);
    }

    private static DateTimeOffset[] Times(int from, int count) => [.. Enumerable.Range(from, count).Select(i => Noon.AddSeconds(i))];

    private async Task<DateTimeOffset[]> StoredAsync(int count, RunningAccess? access = null) =>
        await (access ?? _access).Server.FollowAsync("web1", Noon.AddHours(-1), Stop).Take(count).Select(e => e.Entry.At).ToArrayAsync(Stop);
}
