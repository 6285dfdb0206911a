using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;

namespace Pressure.Cli.Workers;

/// <summary>A worker from its start until it is told to stop, in front of a person or a service manager.</summary>
internal sealed class WorkerRunner(WorkerOrder order, WorkerOutput output, TimeProvider time)
{
    /// <summary>A broker that is only just being started is waited for.</summary>
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(30);

    /// <summary>Runs it, and gives the exit code.</summary>
    public async Task<int> RunAsync()
    {
        using var signals = new StopSignals();
        try
        {
            var capacity = await CapacityAsync(signals.Token);
            var options = new RabbitBusOptions { StartLimit = BrokerPatience };
            await using var bus = await RabbitBus.ConnectAsync(order.Broker, $"pressure worker {order.Options.Name}", options, output.Noticed, signals.Token);
            return await RunAsync(new Worker(bus, order.Options with { Capacity = capacity }, time), capacity, signals);
        }
        catch (BusException e)
        {
            return output.Wrong(e.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    private async Task<int> RunAsync(Worker worker, double capacity, StopSignals signals)
    {
        output.Started(order, capacity);
        var working = worker.RunAsync(signals.Token);
        await output.FollowAsync(worker, working, time);
        return await working switch
        {
            WorkerEnding.NameTaken { Name: var name } => output.Wrong($"Another worker is called {name}; give one of them another --name."),
            WorkerEnding.NoFolder { Why: var why } => output.Wrong($"The worker's folder can't be used: {why.TrimEnd('.')}. Name a folder of its own with --state."),
            WorkerEnding.Stopped stopped => output.Stopped(stopped, order.Options.StateFolder),
            var other => throw new InvalidOperationException($"Unknown ending {other}"),
        };
    }

    private async Task<double> CapacityAsync(CancellationToken stop)
    {
        switch (order.Capacity)
        {
            case CapacityWish.Given given:
                return given.PerSecond;
            case CapacityWish.None:
                return 0;
        }
        output.Measuring();
        try
        {
            return await CapacityProbe.MeasureAsync(time, stop);
        }
        catch (IOException e)
        {
            output.Notice($"The capacity can't be measured: {e.Message}. The worker counts like any other; give it one with --capacity.");
            return 0;
        }
    }
}
