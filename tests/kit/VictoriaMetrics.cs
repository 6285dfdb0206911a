using System.Globalization;
using System.Text.Json;

namespace Pressure.TestKit;

/// <summary>Debian's VictoriaMetrics.</summary>
public sealed class VictoriaMetrics : ServerProcess
{
    /// <summary>Starts one; scrapes <paramref name="scrape"/> once a second where it is given.</summary>
    public static async Task<VictoriaMetrics> StartAsync(Uri? scrape = null)
    {
        var server = new VictoriaMetrics();
        try
        {
            var port = FreePort();
            List<string> arguments =
            [
                $"-storageDataPath={server.Folder.File("data")}", $"-httpListenAddr=127.0.0.1:{port}", "-search.latencyOffset=0s", "-search.disableCache",
                "-memory.allowedBytes=64MB", "-loggerLevel=WARN", "-promscrape.dropOriginalLabels",
            ];
            if (scrape is not null)
            {
                var config = server.Folder.File("scrape.yml");
                await File.WriteAllTextAsync(config, $"""
                    scrape_configs:
                      - job_name: pressure
                        scrape_interval: 1s
                        static_configs: [ targets: [ "{scrape.Authority}" ] ]
                    """);
                arguments.Add($"-promscrape.config={config}");
            }
            await server.StartAsync("/usr/bin/victoria-metrics", port, "health", "victoria-metrics", [.. arguments]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The points of every series of a selection since a moment, as they were stored.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<double> Values)>> PointsAsync(string selection, DateTimeOffset since)
    {
        using var flushed = await Http.GetAsync("internal/force_flush");
        using var form = new FormUrlEncodedContent([new("match[]", selection), new("start", (since.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture))]);
        using var answer = await Http.PostAsync("api/v1/export", form);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Select(s => (
            (IReadOnlyDictionary<string, string>)s.GetProperty("metric").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!),
            (IReadOnlyList<double>)[.. s.GetProperty("values").EnumerateArray().Select(v => v.GetDouble())]))];
    }

    /// <summary>All points of a selection since a moment added up, by the labels asked for joined with a bar.</summary>
    public async Task<IReadOnlyDictionary<string, double>> SumAsync(string selection, DateTimeOffset since, params string[] by) =>
        (await PointsAsync(selection, since)).GroupBy(s => string.Join('|', by.Select(l => s.Labels.GetValueOrDefault(l)))).ToDictionary(g => g.Key, g => g.Sum(s => s.Values.Sum()));
}
