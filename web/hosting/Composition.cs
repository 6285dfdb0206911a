using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.WebEncoders;
using Pressure.LoadGen;
using Pressure.Reports;
using Pressure.Reports.Export;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.Api;
using Pressure.Web.Captures;
using Pressure.Web.Chaos;
using Pressure.Web.Export;
using Pressure.Web.Health;
using Pressure.Web.Language;
using Pressure.Web.Runs;
using Pressure.Web.Safety;
using Pressure.Web.Settings;
using Pressure.Web.State;
using Pressure.Web.Workers;

namespace Pressure.Web.Hosting;

/// <summary>Puts the service together. Nothing is read from the environment or from files of the current directory.</summary>
internal static class Composition
{
    /// <summary>A form carries the plan twice at the most (typed and generated), and form encoding makes text longer.</summary>
    private const long LargestBody = 4L * PlanReader.MaxBytes;

    /// <summary>Far more than people follow runs; without a bound, open pages could take the descriptors that a run needs.</summary>
    private const int MostConnections = 1_000;

    /// <param name="options">Its settings.</param>
    /// <param name="listen">Where it listens.</param>
    /// <param name="access">Where agents dial in; null if they can't.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="state">What nodes share; null where the service is a single one.</param>
    /// <param name="instead">Puts other parts in the place of some, for tests.</param>
    /// <exception cref="IOException">The settings can't be read.</exception>
    public static WebApplication Build(WebOptions options, ListenAddress listen, AccessServer? access, TimeProvider time, SharedState? state = null, Action<IServiceCollection>? instead = null)
    {
        var settings = new SettingsFile(options, state?.Files);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(Composition).Assembly.GetName().Name });
        QuietLog.Add(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(listen.EndPoint);
        });
        AddState(builder.Services, options, settings, state, time);
        if (access is not null)
            builder.Services.AddSingleton(access).AddSingleton<IAgentHistory>(access).AddSingleton<IAgentDesk>(new AccessDesk(access, options.Agents!));
        AddExport(builder.Services, options, time);
        ChaosComposition.Add(builder.Services, options, time);
        AddHealth(builder.Services, options);
        AddPages(builder.Services, options);
        if (state is not null)
            StateComposition.Add(builder.Services, options, state);
        instead?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseExceptionHandler("/error");
        app.UseHeadRequests();
        app.UseGatekeeper(new HostNames(listen, [.. options.PublicNames, .. Uri.TryCreate(options.Node?.Advertise, UriKind.Absolute, out var told) ? [told.Host] : Array.Empty<string>()]));
        if (state is not null)
            app.Use(next => context => app.Services.GetRequiredService<Forwarding>().InvokeAsync(context, next));
        Preferences.Use(app);
        app.UseStatusCodePagesWithReExecute("/error", "?status={0}");
        app.UseRouting();
        app.MapRazorPages();
        app.MapOpenApi();
        Assets.Map(app);
        Endpoints.Map(app);
        return app;
    }

    private static void AddState(IServiceCollection services, WebOptions options, SettingsFile settings, SharedState? state, TimeProvider time)
    {
        var active = new ActiveRuns(options.RunsAtOnce);
        var store = new RunStore(options.RunsFolder, active, state is null ? null : state.Runs.IsWrittenElsewhere);
        services.AddSingleton(options);
        services.AddSingleton(settings);
        services.AddSingleton(time);
        services.AddSingleton(active);
        services.AddSingleton(store);
        services.AddSingleton<NoAgents>();
        services.AddSingleton<IAgentHistory>(s => s.GetRequiredService<NoAgents>());
        services.AddSingleton<IAgentDesk>(s => s.GetRequiredService<NoAgents>());
        services.AddSingleton<CaptureDesk>();
        services.AddSingleton<LiveReplays>();
        AddWorkers(services, options, time);
        services.AddSingleton<RunStarter>();
        services.AddSingleton<LateEntries>();
        services.AddSingleton<ReportsOnDemand>();
        services.AddSingleton<TryOnce>();
        // The program that hosts the service decides what Ctrl-C does.
        services.AddSingleton<IHostLifetime, NoLifetime>();
    }

    private static void AddWorkers(IServiceCollection services, WebOptions options, TimeProvider time)
    {
        if (options.Bus is not { } bus)
        {
            services.AddSingleton<IWorkerDirectory, NoBroker>();
            return;
        }
        // Made by the container, so that it is disposed of with it.
        services.AddSingleton<IWorkerDirectory>(_ => new WorkersOfBus(bus, options.CapturesFolder, time));
        services.AddSingleton(bus);
        services.AddSingleton<CrewSuccessor>();
        services.AddSingleton<IRunSuccessor>(s => s.Get<CrewSuccessor>());
        services.AddSingleton<IHealthCheck, BrokerCheck>();
    }

    private static void AddExport(IServiceCollection services, WebOptions options, TimeProvider time)
    {
        services.AddSingleton(new ScrapedSeries(time));
        // Made by the container, so that it is disposed of with it.
        services.AddSingleton(s => MetricExport.To(options.ExportTo, time, scraped: s.Get<ScrapedSeries>(), agentsApart: s.GetService<IAgentHistory>() is not null));
        services.AddSingleton<ServiceFigures>();
        services.AddSingleton<IHostedService>(s => OwnAgents(s) is { } agents ? new AgentExport(agents, s.Get<MetricExport>(), time) : new NothingToDo());
    }

    /// <summary>Each node exports the figures of its own agents.</summary>
    private static IAgentHistory? OwnAgents(IServiceProvider services) => services.GetService<SharedState>() is null ? services.GetService<IAgentHistory>() : services.GetService<AccessServer>();

    /// <summary>The one list of what the service looks at in itself.</summary>
    private static void AddHealth(IServiceCollection services, WebOptions options)
    {
        services.AddSingleton<IHealthCheck>(new DiskCheck(options.RunsFolder));
        services.AddSingleton<IHealthCheck, RunsCheck>();
        services.AddSingleton<IHealthCheck, ThreadPoolCheck>();
        services.AddSingleton<IHealthCheck, ExportCheck>();
        services.AddSingleton<IHealthCheck>(new ChaosCheck(options.ChaosFolder));
        services.AddSingleton<SelfHealth>();
    }

    private static void AddPages(IServiceCollection services, WebOptions options)
    {
        services.AddRazorPages(pages =>
        {
            pages.RootDirectory = "/pages";
            pages.Conventions.AddPageRoute("/chaos/Experiment", "/chaos/new");
            pages.Conventions.AddPageRoute("/chaos/Monkey", "/chaos/new-monkey");
        });
        services.AddOpenApi(OpenApiDescription.Configure);
        services.AddProblemDetails();
        services.Configure<FormOptions>(form =>
        {
            form.ValueCountLimit = 4096;
            form.ValueLengthLimit = PlanReader.MaxBytes;
        });
        services.Configure<WebEncoderOptions>(html => html.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = ReportJson.Compact.Encoder;
            foreach (var converter in ReportJson.Compact.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
        // Forms that stand open stay valid when the service starts anew.
        services.AddDataProtection().SetApplicationName("Pressure").PersistKeysToFileSystem(PrivateFolder.Ensure(Path.Combine(options.RunsFolder, ".keys")));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "pressure-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
    }

    private sealed class NothingToDo : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
