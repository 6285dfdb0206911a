using System.Text;
using System.Text.Json;

namespace Pressure.TestKit;

/// <summary>Debian's InfluxDB 1.6.</summary>
public sealed class InfluxDb : ServerProcess
{
    /// <summary>Starts one, with a database and, where given, a user whom everybody has to be.</summary>
    public static async Task<InfluxDb> StartAsync(string database, (string Name, string Password)? user = null)
    {
        var server = new InfluxDb();
        try
        {
            var port = FreePort();
            var config = server.Folder.File("influxdb.conf");
            await File.WriteAllTextAsync(config, $"""
                reporting-disabled = true
                bind-address = "127.0.0.1:{FreePort()}"
                [meta]
                  dir = "{server.Folder.File("meta")}"
                [data]
                  dir = "{server.Folder.File("data")}"
                  wal-dir = "{server.Folder.File("wal")}"
                [http]
                  bind-address = "127.0.0.1:{port}"
                  auth-enabled = {(user is null ? "false" : "true")}
                [monitor]
                  store-enabled = false
                """);
            await server.StartAsync("/usr/bin/influxd", port, "ping", "influxdb", "-config", config);
            if (user is var (name, password))
            {
                await server.AskAsync($"CREATE USER \"{name}\" WITH PASSWORD '{password}' WITH ALL PRIVILEGES", "");
                server.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
            }
            await server.AskAsync($"CREATE DATABASE \"{database}\"", "");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The rows of the first series of a statement's result; none when it has none.</summary>
    public async Task<IReadOnlyList<JsonElement>> AskAsync(string statement, string database)
    {
        using var form = new FormUrlEncodedContent([new("q", statement), new("db", database)]);
        using var answer = await Http.PostAsync("query", form);
        var result = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(result.ToString());
        return result.GetProperty("results")[0].TryGetProperty("series", out var series) ? [.. series[0].GetProperty("values").EnumerateArray()] : [];
    }
}
