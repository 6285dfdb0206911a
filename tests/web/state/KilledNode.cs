using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>A node in a process of its own, to be killed. Not of the collection: a killed process could not end the collection's database.</summary>
public sealed class KilledNode
{
    internal const string ChildFolder = "PRESSURE_TEST_NODE";

    /// <summary>Does nothing unless a test runs it as another program.</summary>
    [Fact]
    public async Task Child_serves_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable(ChildFolder) is not { } given)
            return;
        var (folder, address) = given.Split('|') is [var f, var a] ? (f, a) : throw new InvalidOperationException(given);
        await using var service = await WebService.StartAsync(
            new WebOptions("http://127.0.0.1:0", Path.Combine(folder, "one/runs"), []) { ChaosFolder = Path.Combine(folder, "one/state"), Node = new NodeOptions(DatabaseAddress.Parse(address, null).Address!) { Lease = TimeSpan.FromSeconds(3) } }, TimeProvider.System);
        await File.WriteAllTextAsync(Path.Combine(folder, "url.new"), service.Url, TestContext.Current.CancellationToken);
        File.Move(Path.Combine(folder, "url.new"), Path.Combine(folder, "url"));
        await Task.Delay(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
    }
}
