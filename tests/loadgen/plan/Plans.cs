using System.Text;

namespace Pressure.LoadGen.Tests;

/// <summary>Plans for tests.</summary>
internal static class Plans
{
    public static LoadPlan Read(string text)
    {
        var result = PlanReader.Parse(text, "plan.yaml");
        Assert.Empty(result.Problems.Select(p => p.ToString()));
        return result.Plan!;
    }

    public static LoadPlan ReadFile(string path)
    {
        var result = PlanReader.ReadFile(path);
        Assert.Empty(result.Problems.Select(p => p.ToString()));
        return result.Plan!;
    }

    /// <summary>A plan that is right but for what is put in.</summary>
    public static string With(string load = "rate: 10/s", string step = "get: /", string more = "") =>
        $$"""
        name: test
        target: http://127.0.0.1:5080
        load: { {{load}} }
        scenarios: [ { name: one, steps: [ { {{step}} } ] } ]
        {{more}}
        """;

    /// <summary>The only problem of a text, as field, message and remedy.</summary>
    public static PlanProblem OnlyProblem(string text)
    {
        var result = PlanReader.Parse(text, "plan.yaml");
        Assert.Null(result.Plan);
        return Assert.Single(result.Problems);
    }

    public static string BodyOf(Step.Request request) => Encoding.UTF8.GetString(request.Body!.Value.Span);
}
