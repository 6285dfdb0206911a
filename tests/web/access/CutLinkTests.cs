using System.Buffers;
using System.Diagnostics;
using System.Text;
using Pressure.Agent;
using Pressure.TestKit;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

/// <summary>The real agent and the real service, with a wire between them that is cut.</summary>
public sealed class CutLinkTests : IAsyncLifetime
{
    // PRESSURE_CUT_SECONDS makes it longer by hand.
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("PRESSURE_CUT_SECONDS"), out var seconds) ? seconds : 8);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TempFolder _folder = new();
    private readonly StringBuilder _said = new();
    private NetworkNamespace _net = null!;
    private AccessServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _folder.File("agent");

    public async ValueTask InitializeAsync()
    {
        _net = NetworkNamespace.Create();
        _server = await AccessServer.StartAsync(new AccessOptions($"https://{_net.Here}:0"), _folder.File("service"), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _net.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Of_an_agent_whose_link_is_cut_no_point_is_lost_and_none_comes_twice()
    {
        var token = _server.Tokens.Create(TimeSpan.FromMinutes(5)).Text;
        using (var enrol = Agent("enrol", "--server", $"https://{_net.Here}:{_server.Port}", "--token", token, "--name", "far", "--data", Data))
            Assert.True(await EndAsync(enrol) == 0, _said.ToString());
        Assert.True(_server.Set(_server.Find("far")!.Id, new AgentSettings(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), [])));
        var begin = TimeProvider.System.GetUtcNow();
        using var agent = Agent("run", "--data", Data);
        try
        {
            await UntilAsync(async () => (await StoredAsync(begin)).Count > 5);

            _net.Cut();
            var cut = TimeProvider.System.GetUtcNow();
            await UntilAsync(() => Task.FromResult(!_server.Find("far")!.Connected));
            await Task.Delay(Cut, Stop);
            _net.Mend();
            var mended = TimeProvider.System.GetUtcNow();

            await UntilAsync(async () => (await StoredAsync(begin)).Any(e => e.Entry.At > mended.AddSeconds(2)));
            await UntilAsync(() => Task.FromResult(_server.Find("far")!.Connected));
            using (var kill = Process.Start("kill", [agent.Id.ToString()]))
                await kill.WaitForExitAsync(Stop);
            Assert.True(await EndAsync(agent) == 0, _said.ToString());

            // Nothing comes any more that would say that it is all: only a long silence does.
            var stored = (await StoredAsync(begin, silence: 5)).Select(e => e.Entry.At).ToList();
            var kept = Kept();
            Assert.Equal(stored.Distinct().Order(), stored);
            // What it took while it was leaving is still its own.
            var both = stored.Where(at => at >= kept[0]).ToList();
            Assert.Equal(kept.Take(both.Count), both);
            Assert.Equal(0, _server.Find("far")!.Lost);
            var during = stored.Count(at => at > cut && at < mended);
            Assert.True(during >= Cut.TotalSeconds, $"{during} samples of the cut's {(mended - cut).TotalSeconds:0} s.\n{_said}");
            TestContext.Current.SendDiagnosticMessage($"cut for {(mended - cut).TotalSeconds:0.0} s: {stored.Count} entries stored, {during} of the cut, {kept.Count} in the ring, 0 lost, 0 twice");
        }
        finally
        {
            if (!agent.HasExited)
                agent.Kill();
            await agent.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Agent(params string[] arguments)
    {
        var start = _net.Inside("dotnet", [Path.Combine(AppContext.BaseDirectory, "pressure-agent.dll"), .. arguments]);
        (start.RedirectStandardError, start.RedirectStandardOutput) = (true, true);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private void Say(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }

    private static async Task<int> EndAsync(Process process)
    {
        await process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
        return process.ExitCode;
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, _said.ToString());
            await Task.Delay(100, Stop);
        }
    }

    /// <summary>What the service has of the agent's samples at this moment.</summary>
    private async Task<List<StoredEntry>> StoredAsync(DateTimeOffset from, double silence = 0.5)
    {
        var all = new List<StoredEntry>();
        using var enough = new CancellationTokenSource();
        await using var entries = _server.FollowAsync("far", from.AddMinutes(-1), enough.Token).GetAsyncEnumerator(enough.Token);
        // Stops by itself when there is nothing for a while, or when it has caught up with what comes.
        var begun = TimeProvider.System.GetUtcNow();
        while (true)
        {
            var next = entries.MoveNextAsync().AsTask();
            if (await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(silence), Stop)) != next)
            {
                await enough.CancelAsync();
                await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                break;
            }
            if (!await next)
                break;
            if (entries.Current.Entry.Host is not null)
                all.Add(entries.Current);
            if (entries.Current.At >= begun)
                break;
        }
        return all;
    }

    /// <summary>The times of the samples that the agent's ring still has: it removes segments that are full and stored.</summary>
    private List<DateTimeOffset> Kept()
    {
        using var ring = EntryRing.Open(Path.Combine(Data, "ring"), RingOptions.Default, RingLock.TryTake(Data)!);
        var all = new List<DateTimeOffset>();
        for (var next = ring.Oldest; next < ring.Next;)
        {
            var frame = new ArrayBufferWriter<byte>();
            frame.Write("""{"frame":"entries","first":0,"items":["""u8);
            var batch = ring.Read(next, FrameCodec.MaxBytes / 2, frame);
            frame.Write("]}"u8);
            Assert.Equal((next, true), (batch.First, batch.Count > 0));
            all.AddRange(((Frame.Entries)FrameCodec.Read(frame.WrittenSpan)).Items.Where(e => e.Host is not null).Select(e => e.At));
            next += batch.Count;
        }
        return all;
    }
}
