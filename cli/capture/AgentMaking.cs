using Pressure.Agent;
using Pressure.Cli.ConsoleOutput;
using Pressure.TrafficCopy;
using Pressure.Web.Agents;
using Pressure.Web.Captures;
using Spectre.Console;

namespace Pressure.Cli.Capture;

/// <summary>Makes a capture of what passes on agents' hosts: all of them into one file, their connections kept apart.</summary>
internal sealed class AgentMaking(CaptureOrder order, CaptureAsk ask, IReadOnlyList<string> names, CaptureOutput output, TimeProvider time)
{
    // Above any number that an agent gives a connection.
    private const int AgentBits = 40;

    /// <summary>Runs it and gives the exit code.</summary>
    public async Task<int> RunAsync(string? service)
    {
        using var signals = new StopSignals();
        try
        {
            await using var remote = await ServiceAgents.ConnectAsync(service, time, signals.Token);
            var (sources, problems) = await StartAsync(remote, signals.Token);
            if (problems.Count == 0)
                return await WriteAsync(sources, signals.Token);
            await Task.WhenAll(sources.Select(s => s.CancelAsync()));
            return output.Wrong(string.Join(Environment.NewLine, problems), "Nothing was written.");
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Wrong(e.Message, "");
        }
    }

    private async Task<(IReadOnlyList<AgentCaptureSource> Sources, IReadOnlyList<string> Problems)> StartAsync(RemoteAgents remote, CancellationToken stop)
    {
        var started = await Task.WhenAll(names.Select(n => AgentCaptureSource.StartAsync(n, ask, remote.SendAsync, time, stop)));
        return ([.. started.Select(s => s.Source).OfType<AgentCaptureSource>()], [.. started.Select(s => s.Problem).OfType<string>()]);
    }

    private async Task<int> WriteAsync(IReadOnlyList<AgentCaptureSource> sources, CancellationToken stop)
    {
        File.Delete(order.To);
        using var writer = new CaptureWriter(order.To, new() { Compress = order.Compress, Masked = [.. sources.SelectMany(s => s.Masked).Distinct()] }, time);
        var ends = sources.Select((source, i) => source.RunAsync(new ExchangeFilter(order.Filter, new Apart(writer, (long)i << AgentBits)), stop));
        var endings = await ShowAsync(sources, Task.WhenAll(ends));
        var info = writer.Complete(Together(endings));
        output.Captured(info, endings, [.. sources.Select(s => s.Latest.Counts)]);
        return endings.Any(e => !e.IsWhole) ? ExitCodes.InvalidInput
            : stop.IsCancellationRequested && ask is not { Seconds: 0, MaxBytes: 0 } ? ExitCodes.Interrupted
            : ExitCodes.Ok;
    }

    private async Task<T> ShowAsync<T>(IReadOnlyList<AgentCaptureSource> sources, Task<T> work)
    {
        if (!output.IsForPeople || Console.IsOutputRedirected || Console.IsErrorRedirected)
            return await work;
        return await PressureConsole.Create().Status().StartAsync(Markup.Escape($"Capturing on {string.Join(", ", names)}; Ctrl-C ends it"), async context =>
        {
            var (before, second) = (0L, TimeSpan.FromSeconds(1));
            using var renewal = time.CreateTimer(_ => (context.Status, before) = (Markup.Escape(Line(sources, before)), sources.Sum(s => s.Exchanges)), null, second, second);
            return await work;
        });
    }

    private static string Line(IReadOnlyList<AgentCaptureSource> sources, long before)
    {
        var counts = sources.Select(s => s.Latest.Counts).OfType<CaptureCounts>().ToList();
        var (all, dropped) = (sources.Sum(s => s.Exchanges), counts.Sum(c => c.Dropped));
        var troubles = sources.Where(s => s.Trouble is not null).Select(s => $"; {s.Agent}: {s.Trouble}");
        return $"Capturing on {CaptureText.Count(sources.Count, "host")}: {CaptureText.Count(all, "exchange")} ({all - before:N0}/s), {counts.Sum(c => c.Kernel):N0} packets and {dropped:N0} exchanges dropped{string.Concat(troubles)}; Ctrl-C ends it";
    }

    private static CaptureOutcome Together(IReadOnlyList<CaptureEnding> endings)
    {
        var accounts = new CaptureAccounts();
        foreach (var ending in endings)
            ending.Account?.Accounts.AddTo(accounts);
        return new()
        {
            Accounts = accounts.Packets > 0 ? accounts : null,
            LeftOut = Sum(endings.Select(e => e.Account?.LeftOut)),
            MaskedCounts = Sum(endings.Select(e => e.Account?.Masked)),
        };
    }

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>?> counts) =>
        counts.SelectMany(c => c ?? new Dictionary<string, long>()).GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Sum(c => c.Value));

    /// <summary>Two hosts have connections of the same numbers.</summary>
    private sealed class Apart(CaptureWriter to, long offset) : IExchangeSink
    {
        public void Take(CapturedExchange exchange)
        {
            exchange.Connection += offset;
            to.Take(exchange);
        }

        public void EndConnection(long connection, long at) => to.EndConnection(connection + offset, at);
    }
}
