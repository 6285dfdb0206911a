using System.Diagnostics;

namespace Pressure.Faults.Tests;

/// <summary>What would hit more than was chosen, or makes no sense, is refused before anything is touched.</summary>
public sealed class NetworkRefusalTests
{
    private static readonly FaultTools Tools = new(TimeProvider.System, "/none/docker.sock", "/none");
    private static readonly FaultTarget Host = new FaultTarget.Host("here");

    [Theory]
    [InlineData("network-partition", "", "", "whole network")]
    [InlineData("network-partition", "", "80,22", "Port 22")]
    [InlineData("network-partition", "0.0.0.0/0", "", "All of 0.0.0.0/0")]
    [InlineData("network-loss", "127.0.0.1", "", "All of 127.0.0.1/32")]
    [InlineData("network-delay", "", "", "whole network")]
    public async Task A_host_keeps_its_lifelines(string kind, string to, string port, string says) =>
        Assert.Contains(says, await RefusalAsync(kind, Host, ("to", to), ("port", port)), StringComparison.Ordinal);

    [Fact]
    public async Task A_hosts_device_is_not_limited() =>
        Assert.Contains("limit containers", await RefusalAsync("network-bandwidth", Host), StringComparison.Ordinal);

    [Theory]
    [InlineData("to", "no such host at all", "neither an address")]
    [InlineData("port", "0", "no port")]
    [InlineData("port", "http", "no port")]
    [InlineData("port", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", "15 at the most")]
    [InlineData("direction", "up", "no direction")]
    [InlineData("protocol", "icmp; rm -rf /", "no protocol")]
    [InlineData("percent", "half", "share (30%)")]
    [InlineData("colour", "red", "takes no 'colour'")]
    public async Task Arguments_that_make_no_sense_are_told(string name, string value, string says)
    {
        using var rig = new NetworkRig();

        Assert.Contains(says, await RefusalAsync("network-loss", rig.Target, (name, value)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_in_the_hosts_network_is_not_struck_by_itself()
    {
        using var sleeper = Process.Start("sleep", "60");
        try
        {
            Assert.Contains("the whole host would be struck", await RefusalAsync("network-partition", NetworkRig.ProcessTarget(sleeper.Id)), StringComparison.Ordinal);
        }
        finally
        {
            sleeper.Kill();
        }
    }

    [Fact]
    public async Task A_process_that_is_gone_or_another_one_is_refused()
    {
        using var rig = new NetworkRig();
        var later = (FaultTarget.Process)rig.Target with { Start = 1 };

        Assert.Contains("is gone", await RefusalAsync("network-partition", later), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_engine_that_does_not_answer_is_told() =>
        Assert.Contains("/none/docker.sock", await RefusalAsync("network-partition", new FaultTarget.Container("x", "x", "")), StringComparison.Ordinal);

    private static async Task<string> RefusalAsync(string kind, FaultTarget target, params (string Name, string Value)[] arguments)
    {
        var fault = NetworkFaults.All(Tools).Single(f => f.Description.Kind == kind);
        var needed = fault.Description.Parameters.Where(p => p.Required && arguments.All(a => a.Name != p.Name)).Select(p => (p.Name, p.Type switch { ParameterType.Percent => "10%", ParameterType.BitRate => "1mbit", _ => "1s" }));
        var order = NetworkRig.Order(fault, target, TimeSpan.FromMinutes(1), [.. arguments.Where(a => a.Value.Length > 0), .. needed]);
        return Assert.IsType<Preparation.Refused>(await fault.PrepareAsync(order, TestContext.Current.CancellationToken)).Why;
    }
}
