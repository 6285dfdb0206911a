namespace Pressure.Web.Tests;

internal static class Plans
{
    /// <summary>A light load on a target: 20 requests per second.</summary>
    public static string Light(Uri target, string duration = "1s", string name = "light") => $$"""
        name: {{name}}
        target: {{target}}
        load: { rate: 20/s, duration: {{duration}} }
        scenarios:
          - name: home
            steps: [ { get: /health } ]
        thresholds:
          - http_req_failed: rate < 1%
        """;

    /// <summary>A short capacity search up to a rate that any target holds.</summary>
    public static string Search(Uri target) => $$"""
        name: capacity
        target: {{target}}
        load: { search: { slo: [ "http_req_duration: p(95) < 5s" ], from: 20/s, to: 40/s, plateau: 5s, within: 2m } }
        scenarios: [ { steps: [ { get: /health } ] } ]
        """;
}
