using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests.Resource;

/// <summary>A fault as an executor would lead it: prepared, its intent in the journal, applied, undone; the intent is read anew every time, as by another process.</summary>
internal sealed class Trial : IDisposable
{
    private static int s_handles;

    private readonly TempFolder _folder = new();

    public Trial(string? dockerSocket = null) => Tools = new FaultTools(TimeProvider.System, dockerSocket ?? _folder.File("no.sock"), _folder.Path);

    public FaultTools Tools { get; }

    public void Dispose() => _folder.Dispose();

    public IFault Fault(string kind) => ResourceFaults.All(Tools).Single(f => f.Description.Kind == kind);

    public Task<Preparation> TryPrepareAsync(string kind, FaultTarget target, params (string Name, string Value)[] arguments) =>
        TryPrepareAsync(Fault(kind), target, arguments);

    public static Task<Preparation> TryPrepareAsync(IFault fault, FaultTarget target, params (string Name, string Value)[] arguments) =>
        fault.PrepareAsync(new FaultOrder(fault.Description.Kind, target, TimeSpan.FromMinutes(1)) { Arguments = Of(arguments) }, default);

    /// <summary>Prepares it and puts its intent into the journal.</summary>
    public async Task<FaultIntent> PrepareAsync(string kind, FaultTarget target, params (string Name, string Value)[] arguments) =>
        Journal(kind, target, Ready(await TryPrepareAsync(kind, target, arguments)), arguments);

    public FaultIntent Journal(string kind, FaultTarget target, JsonObject prior, (string Name, string Value)[] arguments, TimeSpan? duration = null)
    {
        var intent = new FaultIntent
        {
            Handle = Interlocked.Increment(ref s_handles).ToString("x12"),
            Kind = kind,
            Target = target,
            Arguments = Of(arguments),
            Prior = (JsonObject)JsonNode.Parse(prior.ToJsonString())!,
            JournaledAt = TimeProvider.System.GetUtcNow(),
            Deadline = TimeProvider.System.GetUtcNow() + (duration ?? TimeSpan.FromMinutes(1)),
            DeadlineSinceBoot = Posix.SinceBoot() + (duration ?? TimeSpan.FromMinutes(1)),
            BootId = Boot.Id,
        };
        var path = IntentFiles.PathOf(Tools.Folder, intent.Handle);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, new JsonObject { ["handle"] = intent.Handle, ["kind"] = kind, ["prior"] = prior.DeepClone() }.ToJsonString());
        return intent;
    }

    public async Task<FaultIntent> ApplyAsync(string kind, FaultTarget target, params (string Name, string Value)[] arguments)
    {
        var intent = await PrepareAsync(kind, target, arguments);
        await ApplyAsync(intent);
        return intent;
    }

    public Task ApplyAsync(FaultIntent intent) => Fault(intent.Kind).ApplyAsync(intent, TestContext.Current.CancellationToken);

    public Task<UndoOutcome> UndoAsync(FaultIntent intent) => Fault(intent.Kind).UndoAsync(intent, new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);

    public Task<string?> ResidueAsync(FaultIntent intent) => Fault(intent.Kind).ResidueAsync(intent, default);

    /// <summary>Takes the intent out of the journal, as an executor does after undoing.</summary>
    public void Forget(FaultIntent intent) => File.Delete(IntentFiles.PathOf(Tools.Folder, intent.Handle));

    public static JsonObject Ready(Preparation preparation) => Assert.IsType<Preparation.Ready>(preparation).Prior;

    public static string Why(Preparation preparation) => Assert.IsType<Preparation.Refused>(preparation).Why;

    private static JsonObject Of((string Name, string Value)[] arguments) => new(arguments.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value)));
}
