using System.Security.Cryptography;
using Pressure.Agent.Program;

namespace Pressure.Agent.Tests.Link;

/// <summary>An agent within the test's own process, enrolled at a <see cref="TestStore"/> without asking.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private readonly AgentService _service;
    private readonly Task _running;
    private readonly List<string> _told = [];

    public TestAgent(TempFolder folder, TestStore store, TestAuthority authority, Uri server, string? pin = null)
    {
        var identity = Enrolled(folder, store, authority, server, pin);
        var held = RingLock.TryTake(folder.Path) ?? throw new InvalidOperationException("Another agent has the folder.");
        _service = new AgentService(identity, folder.Path, TimeProvider.System, new Random(1), Tell, listeners: _ => new Dictionary<GcRuntime, GcListen>());
        _running = Task.Run(() => _service.RunAsync(held, _leave.Token));
    }

    public IReadOnlyList<string> Told
    {
        get
        {
            lock (_told)
                return [.. _told];
        }
    }

    public Task Ended => _running;

    public static AgentIdentity Enrolled(TempFolder folder, TestStore store, TestAuthority authority, Uri server, string? pin = null)
    {
        if (AgentIdentity.Read(folder.Path) is { } before)
            return before;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        store.Keys["agent-1"] = key.ExportSubjectPublicKeyInfo();
        var labels = new Dictionary<string, string> { ["service"] = "orders" };
        var identity = new AgentIdentity("agent-1", "host-1", server, pin ?? new string('A', 43), labels, key.ExportPkcs8PrivateKey(), authority.Pem);
        identity.Write(folder.Path);
        return identity;
    }

    public IServing Serving => _service;

    public void Leave() => _leave.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await _running;
        await _service.DisposeAsync();
        _leave.Dispose();
    }

    private void Tell(string what)
    {
        lock (_told)
            _told.Add(what);
    }
}
