using Pressure.TestKit;

namespace Shop.Tests;

/// <summary>The shop's services as they run in containers.</summary>
public class ContainerTests
{
    [Fact(Timeout = 180_000)]
    public async Task Services_in_containers_of_their_own_sell_together()
    {
        await using var docker = await DockerEngine.StartAsync();
        await using var behind = await docker.RunAsync(Service("orders", "--role", "item", "--role", "cart", "--role", "order"));
        var address = await behind.AddressAsync();
        await using var gateway = await docker.RunAsync(Service("gateway", "--role", "gateway", "--item", $"http://{address}:8080", "--cart", $"http://{address}:8081", "--order", $"http://{address}:8082"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://{await gateway.AddressAsync()}:8080") };

        Assert.Contains("\"id\":7", await AskAsync(client, "/item/7", gateway), StringComparison.Ordinal);
    }

    private static ContainerOrder Service(string name, params string[] arguments) =>
        new(name, ["dotnet", "/app/shop.dll", "--network", "--port", "8080", .. arguments])
        {
            Folders = [$"{AppContext.BaseDirectory}:/app:ro"],
            Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "")! },
        };

    private static async Task<string> AskAsync(HttpClient client, string path, DockerContainer container)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await client.GetStringAsync(path, TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException e) when (tries < 300)
            {
                if (!(await container.InspectAsync()).GetProperty("State").GetProperty("Running").GetBoolean())
                    throw new IOException($"The container ended: {await container.LogAsync()}", e);
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
