using System.Diagnostics;
using Pressure.Cluster;
using Pressure.TestKit;
using Pressure.Web.Access;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>A node in a process of its own, to be killed. Not of the collection: a killed process could not end the collection's database.</summary>
public sealed class KilledNode
{
    private const string Given = "PRESSURE_TEST_NODE";

    /// <summary>Does nothing unless a test runs it as another program.</summary>
    [Fact]
    public async Task Child_serves_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable(Given) is not { } given)
            return;
        if (given.Split('|') is not [var folder, var address, var broker, var shift])
            throw new InvalidOperationException(given);
        await using var bus = broker.Length > 0 ? await RabbitBus.ConnectAsync(BrokerAddress.Parse(broker).Address!, "child", stop: TestContext.Current.CancellationToken) : null;
        await using var service = await WebService.StartAsync(Options(folder, "one", DatabaseAddress.Parse(address, null).Address!) with { Bus = bus }, new ShiftedTime(new TimeSpan(long.Parse(shift))));
        await File.WriteAllTextAsync(Path.Combine(folder, "url.new"), service.Url, TestContext.Current.CancellationToken);
        File.Move(Path.Combine(folder, "url.new"), Path.Combine(folder, "url"));
        await Task.Delay(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
    }

    /// <summary>A node of a test.</summary>
    internal static WebOptions Options(string folder, string name, DatabaseAddress address, bool agents = false) => new("http://127.0.0.1:0", Path.Combine(folder, name, "runs"), [])
    {
        ChaosFolder = Path.Combine(folder, name, "state"),
        Agents = agents ? new AccessOptions("https://127.0.0.1:0") : null,
        // As long as for nodes in this process: a shorter one runs out while a node that lives gets no CPU.
        Node = new NodeOptions(address) { Lease = TimeSpan.FromSeconds(10) },
    };

    /// <summary>Starts it.</summary>
    internal static Process Start(TempFolder folder, string address, string broker = "", TimeSpan shift = default)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KilledNode).Assembly.Location, "-method", $"{typeof(KilledNode).FullName}.{nameof(Child_serves_until_it_is_killed)}", "-noColor"]) { RedirectStandardOutput = true };
        start.Environment[Given] = $"{folder.Path}|{address}|{broker}|{shift.Ticks}";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Where it listens, once it does.</summary>
    internal static async Task<string> UrlAsync(TempFolder folder)
    {
        for (var tries = 0; !File.Exists(folder.File("url")); tries++)
        {
            Assert.True(tries < 600, "The node did not start.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        return await File.ReadAllTextAsync(folder.File("url"), TestContext.Current.CancellationToken);
    }
}

/// <summary>The system's clock, set otherwise: so that a full minute is near.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    /// <summary>The shift with which the next full minute is so far away.</summary>
    public static TimeSpan ToMinuteIn(TimeSpan ahead)
    {
        var now = System.GetUtcNow();
        return TimeSpan.FromMinutes(Math.Ceiling(now.TimeOfDay.TotalMinutes) + 1) - ahead - now.TimeOfDay;
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
