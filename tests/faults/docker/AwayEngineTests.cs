using System.Net.Sockets;

namespace Pressure.Faults.Tests;

/// <summary>An engine that is not there, or does not let everybody in.</summary>
public sealed class AwayEngineTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly FaultTarget.Container Target = new(new string('a', 64), "items", "2026-01-01T00:00:00.000000000Z");

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Kinds => [.. ContainerFaults.All(new(TimeProvider.System, "/nowhere", "/nowhere")).Where(f => f.Description.Target == TargetKind.Container).Select(f => f.Description.Kind)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Without_an_engine_a_fault_is_refused_and_told_what_to_do(string kind)
    {
        var socket = _folder.File("none.sock");

        var refused = Assert.IsType<Preparation.Refused>(await Fault(kind, socket).PrepareAsync(new(kind, Target, TimeSpan.FromSeconds(1)), Never));

        Assert.Equal($"No container engine answers on {socket}.", refused.Why);
        Assert.Contains("DOCKER_HOST", refused.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_undoing_waits_for_the_engine_up_to_its_limit_and_says_what_is_left(string kind)
    {
        using var limit = new CancellationTokenSource();
        var time = new LimitedTime(limit);
        var intent = EngineFixture.Intent(new(kind, Target, TimeSpan.FromSeconds(1)), []);

        var incomplete = Assert.IsType<UndoOutcome.Incomplete>(await Fault(kind, _folder.File("none.sock"), time).UndoAsync(intent, limit.Token));

        Assert.StartsWith($"{kind} on items is not undone: No container engine answers", incomplete.What, StringComparison.Ordinal);
        Assert.EndsWith("Then run 'pressure chaos revert'.", incomplete.Remedy, StringComparison.Ordinal);
        Assert.True(limit.IsCancellationRequested);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_can_not_be_seen_counts_as_left(string kind)
    {
        var intent = EngineFixture.Intent(new(kind, Target, TimeSpan.FromSeconds(1)), []);

        Assert.Contains("can't be seen", await Fault(kind, _folder.File("none.sock")).ResidueAsync(intent, Never), StringComparison.Ordinal);
    }

    [Fact]
    public void A_denied_socket_is_told_of_as_such()
    {
        using var api = new DockerApi("/var/run/docker.sock");

        var denied = api.Unreachable(new HttpRequestException("x", new SocketException((int)SocketError.AccessDenied)));

        Assert.Equal("The container engine's socket /var/run/docker.sock is denied to this user. Run as root or as a member of the group that owns it.", denied.Message);
    }

    [Fact]
    public async Task An_engine_that_never_answers_is_given_up()
    {
        using var socket = Listen(_folder.File("mute.sock"));
        using var api = new DockerApi(_folder.File("mute.sock"), TimeSpan.FromMilliseconds(200));

        var trouble = await Assert.ThrowsAsync<DockerException>(() => api.InspectAsync("items", Never));

        Assert.Contains("did not answer in", trouble.What, StringComparison.Ordinal);
        Assert.Null(trouble.Status);
    }

    [Fact]
    public async Task One_that_answers_something_else_is_told_of()
    {
        using var socket = Listen(_folder.File("odd.sock"));
        using var api = new DockerApi(_folder.File("odd.sock"));
        var asking = api.InspectAsync("items", Never);
        using var connection = await socket.AcceptAsync(Never);
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"Id\""u8.ToArray(), Never);

        Assert.Contains("can't be asked", (await Assert.ThrowsAsync<DockerException>(() => asking)).What, StringComparison.Ordinal);
    }

    private static IFault Fault(string kind, string socket, TimeProvider? time = null) =>
        ContainerFaults.All(new(time ?? TimeProvider.System, socket, "/nowhere")).Single(f => f.Description.Kind == kind);

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    /// <summary>Time that is up at the third wait, however long a busy machine took until then.</summary>
    private sealed class LimitedTime(CancellationTokenSource limit) : TimeProvider
    {
        private int _waits;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (Interlocked.Increment(ref _waits) == 3)
                limit.Cancel();
            return System.CreateTimer(callback, state, dueTime, period);
        }
    }
}
