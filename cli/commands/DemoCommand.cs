using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Demo;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure demo</c>: the main job from end to end on the sample shop.</summary>
internal static class DemoCommand
{
    public static Command Create(TimeProvider time)
    {
        var outFolder = SharedOptions.Out("Folder for the run (default: runs/<time>-<name>)");
        var language = SharedOptions.Language();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var chaos = new Option<bool>("--chaos") { Description = "Run the shop in containers, and kill one of its two item services at half time (needs Docker)" };
        var command = new Command("demo", "Press the sample shop with three million page views a day for 30 s, and report") { outFolder, language, chaos, json, quiet };
        command.SetAction(async (parsed, _) =>
        {
            var output = new RunOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var options = new ReportOptions(parsed.GetValue(language));
            if (parsed.GetValue(chaos))
                return await new ChaosDemo(output, options, time).RunAsync(parsed.GetValue(outFolder));
            await using var shop = await DemoShop.StartAsync();
            var read = PlanReader.Parse(Plan(shop.GatewayUrl, parsed.GetValue(language)), "demo.yaml");
            if (read.Plan is null)
                return output.Problems(read.Problems);
            return await new PlanRunner(new TargetGuard([]), options, output, time).RunAsync(read, "demo", service: null, parsed.GetValue(outFolder));
        });
        return command;
    }

    /// <summary>What holds and clears away what the demo in containers needs; nobody calls it by hand.</summary>
    public static Command Keeper()
    {
        var (place, shop) = (new Argument<string>("PLACE"), new Argument<string>("SHOP"));
        var command = new Command(DemoKeeper.Command) { place, shop };
        command.Hidden = true;
        command.SetAction((parsed, _) => DemoKeeper.RunAsync(parsed.GetRequiredValue(place), parsed.GetRequiredValue(shop)));
        return command;
    }

    private static string Plan(string target, ReportLanguage language) => $"""
        name: {(language == ReportLanguage.Zh ? "商城高峰" : "shop peak")}
        target: {target}
        load:
          pv: {"{"} perDay: 3000000, share: 80%, window: 20%, perMachine: 58 {"}"}
          duration: 30s
        scenarios:
          - name: browse
            weight: 7
            steps:
              - get: /item/7
                name: item
                check: {"{"} status: 200 {"}"}
          - name: search
            weight: 2
            steps:
              - get: /search
                name: search
                query: {"{"} q: 茶 {"}"}
                check: {"{"} status: 200 {"}"}
          - name: buy
            weight: 1
            steps:
              - post: /order
                name: order
                json: {"{"} item: 7 {"}"}
                check: {"{"} status: 2xx {"}"}
        thresholds:
          - http_req_duration: p(95) < 500ms
          - http_req_failed: rate < 1%
        """;
}
