using static Pressure.Chaos.Tests.Targets.SelectingTests;

namespace Pressure.Chaos.Tests.Guards;

/// <summary>A book in a folder of its own, with clocks to turn and a log that only remembers.</summary>
internal sealed class BookFixture : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly OpenBook _open;

    /// <param name="rules">Its limits.</param>
    /// <param name="open">Opens it; null for a file in the state folder.</param>
    public BookFixture(GuardRules? rules = null, OpenBook? open = null)
    {
        _open = open ?? GuardBook.Open;
        Book = _open(Folder, Clock, Audit, "boot-1");
        if (rules is not null)
            Book.SetRulesAsync(rules, "setup", default).GetAwaiter().GetResult();
    }

    public string Folder => _folder.Path;

    public TwoClocks Clock { get; } = new();

    public RememberedAudit Audit { get; } = new();

    public GuardBook Book { get; private set; }

    /// <summary>Ends the program and starts it again, after a boot or within the same.</summary>
    public void Restart(string boot = "boot-1")
    {
        Book.Dispose();
        Book = _open(Folder, Clock, Audit, boot);
    }

    public Task<GuardAnswer> AskAsync(StrikeRequest request) => Book.AskAsync(request, default);

    public async Task<string[]> RefusalsAsync(StrikeRequest request) =>
        await AskAsync(request) is GuardAnswer.Refused refused ? [.. refused.Reasons.Select(r => r.Guard)] : [];

    public async Task<GuardRefusal> RefusalAsync(StrikeRequest request) => Assert.Single(Assert.IsType<GuardAnswer.Refused>(await AskAsync(request)).Reasons);

    public async Task PermitAsync(StrikeRequest request)
    {
        var answer = await AskAsync(request);
        Assert.True(answer is GuardAnswer.Permit, answer is GuardAnswer.Refused refused ? string.Join(' ', refused.Reasons) : "");
    }

    /// <summary>Strikes so many targets of an app, of so many that there are.</summary>
    public static StrikeRequest Strike(int count = 1, string kind = "container-kill", string app = "web", int of = 10, string by = "ann")
    {
        Candidate[] all = [.. Enumerable.Range(0, Math.Max(of, count)).Select(i => Container($"{app}-{i}") with { Labels = Allowing(("app", app)) })];
        return new(kind, all[..count], all, TimeSpan.FromSeconds(30), "an experiment", by);
    }

    public void Dispose()
    {
        Book.Dispose();
        _folder.Dispose();
    }
}

/// <summary>Opens a book that is kept somewhere.</summary>
internal delegate GuardBook OpenBook(string folder, TimeProvider clock, IAudit audit, string boot);

/// <summary>A wall clock that can be set, and one that only goes on.</summary>
internal sealed class TwoClocks : TimeProvider
{
    private DateTimeOffset _wall = new(2026, 6, 3, 10, 0, 0, TimeSpan.Zero);
    private TimeSpan _monotonic = TimeSpan.FromHours(5);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _wall;

    public override long GetTimestamp() => _monotonic.Ticks;

    public void Advance(TimeSpan by) => (_wall, _monotonic) = (_wall + by, _monotonic + by);

    public void SetWall(TimeSpan by) => _wall += by;

    public void Reboot(TimeSpan off) => (_wall, _monotonic) = (_wall + off, TimeSpan.FromSeconds(3));
}

/// <summary>Remembers what it is told, or can't write.</summary>
internal sealed class RememberedAudit : IAudit
{
    public List<AuditEntry> Entries { get; } = [];

    public bool Full { get; set; }

    public Task WriteAsync(AuditEntry entry, CancellationToken stop)
    {
        if (Full)
            throw new GuardBookException("The audit log can't be written: no space left.");
        lock (Entries)
            Entries.Add(entry);
        return Task.CompletedTask;
    }
}
