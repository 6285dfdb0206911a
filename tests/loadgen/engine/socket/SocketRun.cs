namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Runs of plans with steps on sockets.</summary>
internal static class SocketRun
{
    /// <summary>A plan of one scenario; <paramref name="steps"/> as in YAML.</summary>
    public static LoadPlan Plan(Uri target, string load, string steps, string more = "", string timeout = "20s") => Plans.Read(
        $$"""
        name: test
        target: {{target.GetLeftPart(UriPartial.Authority)}}
        load: {{{load}}}
        scenarios: [ { steps: [ {{steps}} ] } ]
        http: { insecure: true, timeout: {{timeout}} {{more}} }
        """);

    public static Task<EngineRun> Of(Uri target, string load, string steps, string more = "", string timeout = "20s") => EngineRun.Of(Plan(target, load, steps, more, timeout));
}
