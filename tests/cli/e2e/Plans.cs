namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Small plans.</summary>
internal static class Plans
{
    /// <summary>One request, at 20/s for a second unless told otherwise.</summary>
    public static string Of(Uri target, string load = "{ rate: 20/s, duration: 1s }", string http = "{ timeout: 5s }", string thresholds = "[]") => $"""
        name: end to end
        target: {target}
        load: {load}
        http: {http}
        thresholds: {thresholds}
        scenarios:
          - name: only
            steps:
              - get: /
        """;
}
