using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pressure.Agent.Tests.Link;

namespace Pressure.Agent.Tests.Upgrades;

public sealed class UpgradeCommandTests : IAsyncLifetime
{
    private static readonly byte[] Program = "#!/bin/sh\n"u8.ToArray();

    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _centre = null!;
    private UpgradeCommand _command = null!;
    private int _asked;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Versions => _folder.File("versions");

    public async ValueTask InitializeAsync()
    {
        var certificate = _authority.Server();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _centre = builder.Build();
        _centre.MapGet("/agent/linux-x64/pressure-agent", GiveAsync);
        await _centre.StartAsync(Stop);
        var bound = new Uri(_centre.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var identity = new AgentIdentity("a", "a", new Uri($"https://localhost:{bound.Port}"), KeyPin.Of(certificate).Text, new Dictionary<string, string>(), []);
        Directory.CreateDirectory(Path.Combine(Versions, "1.0.0"));
        var installed = InstalledProgram.Of(Path.Combine(Versions, "1.0.0", "pressure-agent"));
        _command = new UpgradeCommand(identity, installed, "linux-x64", (_, _) => Task.FromResult<string?>(null));
    }

    public async ValueTask DisposeAsync()
    {
        _first.TrySetResult();
        await _centre.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_at_once_do_not_spoil_each_others_download()
    {
        var body = JsonSerializer.SerializeToElement(new { version = "1.1.0", sha256 = Convert.ToHexStringLower(SHA256.HashData(Program)) });
        var first = _command.RunAsync(body, Stop);
        while (!first.IsCompleted && Directory.GetFiles(Versions).Length == 0)
            await Task.Delay(5, Stop);

        var second = await _command.RunAsync(body, Stop);
        _first.SetResult();

        Assert.Null(second.Error);
        Assert.Null((await first).Error);
        Assert.Equal(Program, await File.ReadAllBytesAsync(Path.Combine(Versions, "1.1.0", "pressure-agent"), Stop));
        Assert.Empty(Directory.GetFiles(Versions));
    }

    /// <summary>The first one has to wait for its second half.</summary>
    private async Task GiveAsync(HttpContext context)
    {
        var isFirst = Interlocked.Increment(ref _asked) == 1;
        await context.Response.Body.WriteAsync(Program.AsMemory(0, 2), Stop);
        await context.Response.Body.FlushAsync(Stop);
        if (isFirst)
            await _first.Task;
        await context.Response.Body.WriteAsync(Program.AsMemory(2), Stop);
    }
}
