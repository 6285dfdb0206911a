using System.Net;
using System.Net.Sockets;

namespace Pressure.Faults.Tests;

/// <summary>The same in real containers, which restart, end and share networks.</summary>
public sealed class ContainerNetworkTests(EngineFixture engine) : IClassFixture<EngineFixture>, IAsyncLifetime
{
    // How long what does answer may take on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DockerEngine _engine = engine.Engine;
    private readonly string _name = $"n{Guid.NewGuid():N}"[..10];
    private DockerContainer _container = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _container = await _engine.RunAsync(new(_name, "busybox", "httpd", "-f", "-p", "7000", "-h", "/tmp"));

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    public static TheoryData<string> Kinds => new(NetworkFaults.All(new FaultTools(TimeProvider.System, "", "")).Select(f => f.Description.Kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Filters_and_queues_are_the_same_before_and_after(string kind)
    {
        var fault = Fault(kind);
        var (before, host) = (await StateAsync(), NetworkRig.StateOf("/proc/self/ns/net"));

        var intent = await ApplyAsync(fault, TimeSpan.FromMinutes(5));
        var during = await StateAsync();
        var outcome = await fault.UndoAsync(intent, Stop);

        Assert.NotEqual(before, during);
        Assert.IsType<UndoOutcome.Undone>(outcome);
        Assert.Equal(before, await StateAsync());
        Assert.Equal(Devices(host), Devices(NetworkRig.StateOf("/proc/self/ns/net")));
        Assert.True(await AnswersAsync(Patience));
    }

    [Fact]
    public async Task A_container_that_is_cut_off_does_not_answer_and_does_again()
    {
        var fault = Fault("network-partition");
        Assert.True(await AnswersAsync(Patience));

        var intent = await ApplyAsync(fault, TimeSpan.FromMinutes(5));
        var during = await AnswersAsync(TimeSpan.FromSeconds(2));
        await fault.UndoAsync(intent, Stop);

        Assert.False(during);
        Assert.True(await AnswersAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_restarted_container_has_nothing_of_it(string kind)
    {
        var fresh = await StateAsync();
        var fault = Fault(kind);
        var intent = await ApplyAsync(fault, TimeSpan.FromMinutes(5));

        await PostAsync($"containers/{_container.Id}/restart?t=0");
        var outcome = await fault.UndoAsync(intent, Stop);

        Assert.IsNotType<UndoOutcome.Incomplete>(outcome);
        Assert.Equal(fresh, await StateAsync());
        Assert.Null(await fault.ResidueAsync(intent, Stop));
        Assert.Empty(RelayProcess.Find(intent.Handle));
    }

    [Fact]
    public async Task A_container_that_is_gone_is_nothing_to_undo_even_without_the_engine()
    {
        var fault = Fault("network-loss");
        var intent = await ApplyAsync(fault, TimeSpan.FromMinutes(5));
        await _container.DisposeAsync();

        var outcome = await new NetworkLoss(new FaultTools(TimeProvider.System, "/none/docker.sock", "/none")).UndoAsync(intent, Stop);

        Assert.IsType<UndoOutcome.NothingToUndo>(outcome);
    }

    [Fact]
    public async Task A_container_that_was_started_anew_between_choice_and_strike_is_refused()
    {
        var fault = Fault("network-loss");
        var target = await TargetAsync();
        var intent = await NetworkRig.IntendAsync(fault, target, TimeSpan.FromMinutes(1), ("percent", "5%"));
        await PostAsync($"containers/{_container.Id}/restart?t=0");

        Assert.IsType<Preparation.Refused>(await fault.PrepareAsync(NetworkRig.Order(fault, target, TimeSpan.FromMinutes(1), ("percent", "5%")), Stop));
        await Assert.ThrowsAsync<FaultException>(() => fault.ApplyAsync(intent, Stop));
    }

    [Fact]
    public async Task The_hosts_network_and_that_of_another_container_are_refused()
    {
        await using var hosts = await _engine.RunAsync(new($"{_name}-h", "sleep", "600") { Network = "host" });
        await using var sharing = await _engine.RunAsync(new($"{_name}-s", "sleep", "600") { Network = $"container:{_container.Id}" });

        Assert.Contains("the whole host would be struck", await RefusalAsync(hosts.Name), StringComparison.Ordinal);
        Assert.Contains("shares the network of another one", await RefusalAsync(sharing.Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_other_end_may_be_a_container_by_its_name()
    {
        await using var other = await _engine.RunAsync(new($"{_name}-o", "sleep", "600"));
        var fault = Fault("network-partition");

        var intent = await NetworkRig.IntendAsync(fault, await TargetAsync(), TimeSpan.FromMinutes(1), ("to", other.Name));

        Assert.Equal($"[\"{await other.AddressAsync()}/32\"]", intent.Prior["to"]!.ToJsonString());
    }

    private IFault Fault(string kind) => NetworkFaults.All(engine.Tools).Single(f => f.Description.Kind == kind);

    private async Task<FaultIntent> ApplyAsync(IFault fault, TimeSpan duration)
    {
        (string, string)[] arguments = fault.Description.Kind switch
        {
            "network-loss" => [("percent", "20%")],
            "network-bandwidth" => [("rate", "1mbit")],
            "network-delay" => [("delay", "100ms")],
            _ => [],
        };
        return await NetworkRig.ApplyAsync(fault, await TargetAsync(), duration, arguments);
    }

    private async Task<FaultTarget> TargetAsync(string? name = null)
    {
        using var docker = new DockerApi(_engine.Socket);
        var there = (await docker.InspectAsync(name ?? _container.Id, Stop))!;
        return new FaultTarget.Container(there["Id"]!.GetValue<string>(), name ?? _container.Name, there["State"]!["StartedAt"]!.GetValue<string>());
    }

    private async Task<string> RefusalAsync(string name)
    {
        var fault = Fault("network-partition");
        return Assert.IsType<Preparation.Refused>(await fault.PrepareAsync(NetworkRig.Order(fault, await TargetAsync(name), TimeSpan.FromMinutes(1)), Stop)).Why;
    }

    private async Task PostAsync(string path)
    {
        using var docker = new DockerApi(_engine.Socket);
        await docker.AskAsync(HttpMethod.Post, path, null, Stop);
    }

    private async Task<string> StateAsync() => NetworkRig.StateOf($"/proc/{await _container.PidAsync()}/ns/net");

    private async Task<bool> AnswersAsync(TimeSpan patience)
    {
        var address = IPAddress.Parse(await _container.AddressAsync());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(patience);
        while (!limit.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, 7000), limit.Token);
                await socket.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), limit.Token);
                return await socket.ReceiveAsync(new byte[16], limit.Token) > 0;
            }
            catch (SocketException)
            {
                // It starts.
                await Task.Delay(100, Stop);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
        return false;
    }

    /// <summary>Other tests put devices and rules in and out; this one's wires stay.</summary>
    private static string Devices(string state) => string.Join('\n', state.Split('\n').Where(l => l.Contains("tbf", StringComparison.Ordinal) || l.Contains("pressure", StringComparison.Ordinal)));
}
