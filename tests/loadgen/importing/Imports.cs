using System.Text;
using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

/// <summary>Imports of texts, for tests.</summary>
internal static class Imports
{
    public static ImportResult Of(string text, ImportOptions? options = null) => Of(Encoding.UTF8.GetBytes(text), options);

    public static ImportResult Of(byte[] bytes, ImportOptions? options = null)
    {
        using var stream = new MemoryStream(bytes);
        return Importer.Import(stream, "source", options ?? new());
    }

    /// <summary>The plan as the plan reader reads it.</summary>
    public static LoadPlan Plan(ImportResult result)
    {
        Assert.Empty(result.Problems.Select(p => p.ToString()));
        return Plans.Read(result.Yaml!);
    }

    /// <summary>Requests as <c>METHOD url [headers] body xweight</c>, parts left out where there is nothing to say.</summary>
    public static string[] Requests(ImportResult result) =>
    [
        .. Plan(result).Scenarios.Select(s =>
        {
            var request = Assert.IsType<Step.Request>(Assert.Single(s.Steps));
            var headers = request.Headers.Count == 0 ? "" : $" [{string.Join("; ", request.Headers.Select(h => $"{h.Key}: {h.Value}"))}]";
            var body = request.Body is null ? "" : $" {Plans.BodyOf(request)}";
            return $"{request.Method} {request.Url.AbsoluteUri}{headers}{body}{(s.Weight == 1 ? "" : $" x{s.Weight:0.###}")}";
        }),
    ];

    public static string[] NotTaken(ImportResult result) => [.. result.NotTaken.Select(n => n.ToString())];

    /// <summary>The only problem, as people see it.</summary>
    public static string Problem(ImportResult result)
    {
        Assert.Null(result.Yaml);
        return Assert.Single(result.Problems).ToString();
    }
}
