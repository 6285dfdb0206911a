namespace Pressure.Agent.Tests;

public sealed class DotnetGcListenerBadTargetTests
{
    private const byte Stop = 1;
    private readonly GcLog _log = new();

    [Fact]
    public async Task A_stream_is_heard_in_the_hosts_own_time()
    {
        var time = new FakeTime();
        time.Advance(TimeSpan.FromDays(3)); // since the host was started; the stream's process has a clock that we never saw
        await using var runtime = new FakeRuntime(async (_, socket) =>
        {
            await socket.SendAsync(FakeRuntime.Accepted);
            await socket.SendAsync(RecordedStream.Stacks.Bytes);
        });

        await using var listener = new DotnetGcListener(runtime.Watched, _log, time, runtime.Proc);
        await listener.Ended;

        Assert.Equal(27, _log.All.Count);
        var (at, last) = _log.All.Last();
        Assert.Equal(("orders", "shop-orders", "orders", Environment.ProcessId), (last.Process, last.Container, last.Service, last.Pid));
        Assert.Equal((GcRuntime.Dotnet, ".NET", GcKind.Gen1, "Induced", 27), (last.Runtime, last.Collector, last.Kind, last.Reason, (int)last.Number!));
        Assert.Equal((283976, 17727488, 5), (last.HeapAfter, last.HeapCommitted, last.Generations!.Count));
        // Recorded in some milliseconds, so that is how far apart they are; where, is told by this host's clock.
        Assert.InRange(at - time.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(at - _log.All.First().At, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("background")]
    [InlineData("server")]
    [InlineData("stacks")]
    public async Task A_stream_that_comes_at_once_is_heard_whole(string name)
    {
        var stream = RecordedStream.All.Single(s => s.Name == name);
        await using var runtime = new FakeRuntime((_, socket) => socket.SendAsync((byte[])[.. FakeRuntime.Accepted, .. stream.Bytes]));

        await WhyAsync(runtime);

        Assert.Equal(stream.Says.Collections[0], _log.All.Count);
    }

    [Fact]
    public async Task A_socket_that_answers_garbage_is_no_runtime()
    {
        await using var runtime = new FakeRuntime((_, socket) => socket.SendAsync(new byte[100]));

        Assert.Equal("what answers at its diagnostics socket is no .NET runtime", await WhyAsync(runtime));
    }

    [Fact]
    public async Task A_socket_that_breaks_off_is_told_so()
    {
        await using var runtime = new FakeRuntime((_, socket) => socket.SendAsync("DOTNET_I"u8.ToArray()));

        Assert.StartsWith("its diagnostics socket broke off", await WhyAsync(runtime));
    }

    [Fact]
    public async Task A_stream_of_garbage_is_not_read_on()
    {
        await using var runtime = new FakeRuntime(async (_, socket) =>
        {
            await socket.SendAsync(FakeRuntime.Accepted);
            await socket.SendAsync(new byte[10_000]);
        });

        Assert.Equal("The stream of events does not begin as one.", await WhyAsync(runtime));
    }

    [Fact]
    public async Task A_runtime_that_refuses_is_quoted()
    {
        await using var runtime = new FakeRuntime((_, socket) => socket.SendAsync(FakeRuntime.Refused(0x80131386)));

        Assert.Equal("its runtime refuses (error 0x80131386)", await WhyAsync(runtime));
        Assert.Single(runtime.Asked);
    }

    [Fact]
    public async Task An_older_runtime_is_asked_as_it_understands_it()
    {
        await using var runtime = new FakeRuntime(async (command, socket) =>
        {
            await socket.SendAsync(command == 3 ? FakeRuntime.Accepted : FakeRuntime.Refused(0x80131385));
            if (command == 3)
                await socket.SendAsync(RecordedStream.Stacks.Bytes);
        });

        await WhyAsync(runtime);

        Assert.Equal("6 4 3", string.Join(" ", runtime.Asked));
        Assert.Equal(27, _log.All.Count);
    }

    [Fact]
    public async Task A_runtime_that_is_too_old_is_told_so()
    {
        await using var runtime = new FakeRuntime((_, socket) => socket.SendAsync(FakeRuntime.Refused(0x80131385)));

        Assert.StartsWith("its runtime is too old", await WhyAsync(runtime));
    }

    [Fact]
    public async Task A_socket_that_never_answers_is_given_up()
    {
        var time = new FakeTime();
        var asked = new TaskCompletionSource();
        var over = new TaskCompletionSource();
        await using var runtime = new FakeRuntime((_, _) =>
        {
            asked.SetResult();
            return over.Task;
        });
        await using var listener = new DotnetGcListener(runtime.Watched, _log, time, runtime.Proc);
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("its diagnostics socket gave no answer in 5 s", await listener.Ended);
        over.SetResult();
    }

    [Fact]
    public async Task Leaving_does_not_wait_for_a_target_that_does_not_let_go()
    {
        var time = new FakeTime();
        var over = new TaskCompletionSource();
        var stopping = new TaskCompletionSource();
        await using var runtime = new FakeRuntime(async (command, socket) =>
        {
            if (command == Stop)
            {
                stopping.SetResult();
            }
            else
            {
                await socket.SendAsync(FakeRuntime.Accepted);
                await socket.SendAsync(RecordedStream.Stacks.Bytes.AsMemory(..^1));
            }
            await over.Task;
        });
        var listener = new DotnetGcListener(runtime.Watched, _log, time, runtime.Proc);
        await Hearing.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(300)); // the stream has paused: what came is all there was
            return _log.All.Count == 27;
        });

        var leaving = listener.DisposeAsync().AsTask();
        await stopping.Task;
        time.Advance(TimeSpan.FromSeconds(3));
        await leaving;

        Assert.Null(await listener.Ended);
        over.SetResult();
    }

    [Fact]
    public async Task A_process_without_a_socket_is_told_so_with_what_may_be_the_reason()
    {
        using var proc = new TempFolder();
        var process = new WatchedProcess(12, 1, "quiet", 12, [], null, null, GcRuntime.Dotnet);

        await using var listener = new DotnetGcListener(process, _log, null, proc.Path);

        Assert.Contains("it may run with DOTNET_EnableDiagnostics=0", await listener.Ended);
    }

    private async Task<string?> WhyAsync(FakeRuntime runtime)
    {
        await using var listener = new DotnetGcListener(runtime.Watched, _log, null, runtime.Proc);
        return await listener.Ended.WaitAsync(TimeSpan.FromMinutes(1));
    }
}
