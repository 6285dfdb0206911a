using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Shop;

/// <summary>One running service.</summary>
internal sealed class ShopService : IAsyncDisposable
{
    private readonly ShopRole _role;
    private readonly WebApplication _app;
    private readonly ServiceControl _control;
    private readonly StatsCounter _stats = new();
    private readonly GatewayEndpoints? _gateway;

    private ShopService(ShopRole role, IPEndPoint listen, IReadOnlyDictionary<ShopRole, IReadOnlyList<Uri>> services, TimeProvider time)
    {
        _role = role;
        _control = new ServiceControl(time);
        _app = Build(listen);
        _app.UseWebSockets();
        _app.Use(next => context => new BehaviourMiddleware(_control, _stats).InvokeAsync(context, next));
        ControlEndpoints.Map(_app, role, _control, _stats);
        _app.MapGet("/health", () => new { status = "ok", role });
        switch (role)
        {
            case ShopRole.Gateway:
                _gateway = new GatewayEndpoints(services);
                _gateway.Map(_app);
                ChatEndpoint.Map(_app);
                break;
            case ShopRole.Item:
                ItemEndpoints.Map(_app);
                break;
            case ShopRole.Cart:
                new CartEndpoints().Map(_app);
                break;
            default:
                new OrderEndpoints().Map(_app);
                break;
        }
    }

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<ShopService> StartAsync(ShopRole role, IPEndPoint listen, IReadOnlyDictionary<ShopRole, IReadOnlyList<Uri>> services, TimeProvider time)
    {
        var service = new ShopService(role, listen, services, time);
        try
        {
            await service._app.StartAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public void Behave(Behaviour behaviour) => _control.Set(behaviour);

    public ServiceStats Stats() => _stats.Snapshot(_role, _control.Admission);

    public void ResetStats()
    {
        _stats.Reset();
        _control.Admission.ForgetPeak();
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _app.DisposeAsync();
        _gateway?.Dispose();
    }

    private static WebApplication Build(IPEndPoint listen)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Listen(listen);
        });
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter<ShopRole>(JsonNamingPolicy.CamelCase));
        });
        return builder.Build();
    }
}
