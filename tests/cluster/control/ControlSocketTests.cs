using System.Net.Sockets;
using System.Text;
using Pressure.LoadGen;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests.Control;

public sealed class ControlSocketTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly ControlledRun _run = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_run_is_told_from_outside_what_to_do_and_says_how_it_goes_on()
    {
        await using var socket = ControlSocket.Open(_temp.Path, _run, TimeProvider.System);

        Assert.Equal("run-1", (await TellAsync("status"))?.Run?.Id);
        Assert.True((await TellAsync("pause")) is { Ok: true, Changed: true, At: 1.25 });
        Assert.True((await TellAsync("rate", "500/s"))?.Ok);
        Assert.True((await TellAsync("users", "7"))?.Ok);
        Assert.True((await TellAsync("stop"))?.Ok);
        Assert.True((await TellAsync("stop-now"))?.Ok);
        Assert.Equal(
            ["Pause { }", "ToRate { Rate = Rate { Count = 500, Per = 00:00:01, PerSecond = 500 } }", "ToUsers { Users = 7 }", "Finish { }", "stop"],
            _run.Told);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_run_is_told_how_far_the_answer_to_a_disturbance_is()
    {
        await using var socket = ControlSocket.Open(_temp.Path, _run, TimeProvider.System);
        var control = new RunControl(TimeProvider.System);

        Assert.True((await control.TellAsync(_temp.Path, new("mark", "located", " item-2 is gone "), Cancelled))?.Ok);
        Assert.Contains("detected, located, recovered", (await control.TellAsync(_temp.Path, new("mark", "done"), Cancelled))?.Remedy, StringComparison.Ordinal);
        Assert.False((await control.TellAsync(_temp.Path, new("mark", "located", "two\nlines"), Cancelled))?.Ok);
        Assert.Equal(["located by ctl: item-2 is gone"], _run.Told);
    }

    [Fact(Timeout = 30_000)]
    public async Task Only_the_owner_may_use_it_and_it_goes_with_the_run()
    {
        await using (ControlSocket.Open(_temp.Path, _run, TimeProvider.System)!)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(SocketPlace.Of(_temp.Path)));

        Assert.False(File.Exists(SocketPlace.Of(_temp.Path)));
        Assert.Null(await TellAsync("status"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_folder_with_a_longer_path_than_addresses_hold_is_reached_too()
    {
        var folder = Path.Combine(_temp.Path, new string('a', 90), new string('b', 90));
        Directory.CreateDirectory(folder);
        await using var socket = ControlSocket.Open(folder, _run, TimeProvider.System);

        Assert.NotNull(socket);
        Assert.Equal("run-1", (await new RunControl(TimeProvider.System).TellAsync(folder, new("status"), Cancelled))?.Run?.Id);
    }

    [Fact]
    public void A_folder_that_takes_no_socket_leaves_the_run_without()
    {
        Assert.Null(ControlSocket.Open(Path.Combine(_temp.Path, "not", "there"), _run, TimeProvider.System));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("hello")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1, 2]")]
    [InlineData("{\"do\": 5}")]
    [InlineData("{\"do\": \"fly\"}")]
    [InlineData("{\"do\": \"rate\"}")]
    [InlineData("{\"do\": \"rate\", \"value\": \"fast\"}")]
    [InlineData("{\"do\": \"users\", \"value\": \"-1\"}")]
    [InlineData("{\"do\": \"mark\"}")]
    [InlineData("{\"do\": \"pause\", \"value\": \"5\"}")]
    [InlineData("{\"do\": {\"do\": {\"do\": {\"do\": {\"do\": {\"do\": {\"do\": {\"do\": {\"do\": 1}}}}}}}}}")]
    public async Task Garbage_is_answered_with_what_is_wrong_and_does_nothing(string line)
    {
        await using var socket = ControlSocket.Open(_temp.Path, _run, TimeProvider.System);
        using var peer = await ConnectAsync();
        await peer.SendAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancelled);

        var answer = ControlJson.Read<ControlReply>((await new LineReader(peer, TimeProvider.System).NextAsync(TimeSpan.FromSeconds(20), Cancelled))!.Value.Span);

        Assert.True(answer is { Ok: false, Problem.Length: > 0, Remedy.Length: > 0 });
        Assert.Empty(_run.Told);
    }

    [Fact(Timeout = 30_000)]
    public async Task Bytes_at_random_neither_end_it_nor_steer_the_run()
    {
        await using var socket = ControlSocket.Open(_temp.Path, _run, TimeProvider.System);
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            using var peer = await ConnectAsync();
            var bytes = new byte[random.Next(0, 2 * ControlJson.LongestLine)];
            random.NextBytes(bytes);
            try
            {
                await peer.SendAsync(bytes, Cancelled);
            }
            catch (SocketException)
            {
                // It hangs up on a line without an end.
            }
        }

        Assert.Equal("run-1", (await TellAsync("status"))?.Run?.Id);
        Assert.Empty(_run.Told);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_line_without_an_end_is_hung_up_on()
    {
        await using var socket = ControlSocket.Open(_temp.Path, _run, TimeProvider.System);
        using var peer = await ConnectAsync();
        await peer.SendAsync(new byte[ControlJson.LongestLine], Cancelled);

        Assert.Equal(0, await ReceiveAsync(peer));
    }

    [Fact(Timeout = 30_000)]
    public async Task Peers_that_say_nothing_are_hung_up_on_and_do_not_delay_the_end()
    {
        var time = new FakeTime();
        var socket = ControlSocket.Open(_temp.Path, _run, time);
        using var silent = await ConnectAsync();
        // Once a line of its was answered the socket waits for the next one, by the clock that is turned here.
        await silent.SendAsync("{\"do\":\"status\"}\n"u8.ToArray(), Cancelled);
        Assert.NotNull(await new LineReader(silent, TimeProvider.System).NextAsync(TimeSpan.FromSeconds(20), Cancelled));
        var end = ReceiveAsync(silent);
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Cancelled);
        }

        Assert.Equal(0, await end);
        using var other = await ConnectAsync();
        await socket!.DisposeAsync();
    }

    private Task<ControlReply?> TellAsync(string what, string? value = null) =>
        new RunControl(TimeProvider.System).TellAsync(_temp.Path, new(what, value), Cancelled);

    private async Task<Socket> ConnectAsync()
    {
        var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await peer.ConnectAsync(new UnixDomainSocketEndPoint(SocketPlace.Of(_temp.Path)), Cancelled);
        return peer;
    }

    private static async Task<int> ReceiveAsync(Socket peer)
    {
        try
        {
            return await peer.ReceiveAsync(new byte[16], Cancelled);
        }
        catch (SocketException)
        {
            // Hung up with something unread.
            return 0;
        }
    }

    private sealed class ControlledRun : IControlled
    {
        public List<string> Told { get; } = [];

        public RunStatus Status => new("run-1", "name", "folder", "http://127.0.0.1/", RunPhase.Running, 1, 10, "plan", 50, null, 50, 0, 1.5);

        public SteeringResult Steer(SteeringChange change, string by)
        {
            Told.Add($"{change}");
            return new(SteeringRefusal.None, TimeSpan.FromSeconds(1.25), Changed: true);
        }

        public bool Stop(string by)
        {
            Told.Add("stop");
            return true;
        }

        public bool Mark(string mark, string by, string note)
        {
            Told.Add($"{mark} by {by}: {note}");
            return true;
        }
    }
}
