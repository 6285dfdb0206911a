using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Demo;

/// <summary><c>pressure demo --chaos</c>: the shop in containers under load, one of its two item services killed at half time, and a report on how it took that.</summary>
internal sealed class ChaosDemo(RunOutput output, ReportOptions reports, TimeProvider time)
{
    public async Task<int> RunAsync(string? folder)
    {
        using var signals = new StopSignals();
        var (place, name) = (Directory.CreateTempSubdirectory("pressure-demo-").FullName, $"shop-{Environment.ProcessId}");
        try
        {
            await using var engine = await KeptEngine.StartAsync(place, name, signals.Token);
            // Executor and watchdog are processes of their own, and find both by these.
            Environment.SetEnvironmentVariable("DOCKER_HOST", $"unix://{engine.Socket}");
            Environment.SetEnvironmentVariable("PRESSURE_CHAOS_DIR", DemoKeeper.StateOf(place));
            using var shop = await ContainedShop.StartAsync(engine.Socket, name, signals.Token);
            var plan = Path.Combine(place, "demo.yaml");
            await File.WriteAllTextAsync(Path.Combine(place, "kill-one.yaml"), Experiment(shop), signals.Token);
            await File.WriteAllTextAsync(plan, Plan(shop), signals.Token);
            var read = PlanReader.ReadFile(plan);
            return read.Plan is null
                ? output.Problems(read.Problems)
                : await new PlanRunner(new TargetGuard([]), reports, output, time).RunAsync(read, plan, service: null, folder);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or DockerException)
        {
            return output.Invalid($"The demo can't run: {e.Message}", "It needs Docker on this machine; the demo without --chaos does not.");
        }
    }

    private bool IsChinese => reports.Language == ReportLanguage.Zh;

    private string Plan(ContainedShop shop) => $$"""
        name: {{(IsChinese ? "商城高峰，商品服务宕机一台" : "shop peak, one item service killed")}}
        target: {{shop.GatewayUrl}}
        load:
          pv: { perDay: 3000000, share: 80%, window: 20%, perMachine: 58 }
          duration: 40s
        scenarios:
          - name: browse
            weight: 7
            steps:
              - get: /item/7
                name: item
                check: { status: 200 }
          - name: search
            weight: 2
            steps:
              - get: /search
                name: search
                query: { q: 茶 }
                check: { status: 200 }
          - name: buy
            weight: 1
            steps:
              - post: /order
                name: order
                json: { item: 7 }
                check: { status: 2xx }
        chaos:
          - { experiment: kill-one.yaml, at: 50% }
        # One of two item services may be gone for a few seconds: half of what needs it fails meanwhile.
        thresholds:
          - http_req_duration: p(95) < 500ms
          - http_req_failed: rate < 20%
        """;

    private string Experiment(ContainedShop shop) => $$"""
        version: 1.0.0
        title: {{(IsChinese ? "杀死两台商品服务中的一台" : "Kill one of two item services")}}
        description: The gateway sends every other request to each of them, whether it answers or not.
        steady-state-hypothesis:
          title: {{(IsChinese ? "商城正常服务" : "The shop serves its customers")}}
          probes:
            - type: probe
              name: {{(IsChinese ? "网关应答" : "the gateway answers")}}
              tolerance: 200
              provider: { type: http, url: {{shop.GatewayUrl}}/health, timeout: 2 }
            - type: probe
              name: {{(IsChinese ? "失败请求低于 1%" : "less than 1 % of requests fail")}}
              tolerance: { type: range, range: [ 0, 0.01 ] }
              provider: { type: pressure, probe: metric, arguments: { metric: http_req_failed, aggregation: rate, over: 2s } }
        method:
          - type: action
            name: kill one
            provider:
              type: pressure
              fault: container-kill
              target: { container: { name: "{{shop.ItemNames}}", labels: { {{ContainedShop.ServiceLabel}}: item }, mode: one } }
              duration: 6s
        extensions:
          - { name: pressure, lease: 5s, probeEvery: 1s, stopOnDeviation: false, settle: 8s }
        """;
}
