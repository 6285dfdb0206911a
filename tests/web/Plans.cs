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
}
