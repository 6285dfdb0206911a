using Pressure.Faults;

namespace Pressure.Web.Health;

/// <summary>Whether the machine's chaos state can be written where there is one, and nothing of a fault is left over.</summary>
internal sealed class ChaosCheck(string folder) : IHealthCheck
{
    public string Name => "chaos";

    public Task<HealthFinding> CheckAsync()
    {
        // A service that has struck nothing yet has no folder, and needs none.
        if (!Directory.Exists(folder))
            return Task.FromResult(new HealthFinding(HealthLevel.Ok, "nothing was struck yet"));
        try
        {
            var probe = Path.Combine(folder, $".write-{Guid.NewGuid():n}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(new HealthFinding(HealthLevel.Warning, $"the state folder {folder} can't be written, so nothing can be struck: {e.Message}"));
        }
        var known = new FaultJournal(folder).Read();
        var left = known.OfType<JournalEntry.Known>().Count(k => k.Left is not null) + known.OfType<JournalEntry.Unreadable>().Count();
        if (left > 0)
            return Task.FromResult(new HealthFinding(HealthLevel.Warning, $"{left} faults are not undone; see: pressure chaos status"));
        return Task.FromResult(new HealthFinding(HealthLevel.Ok, new GlobalStop(folder).IsSet ? "everything is halted" : "the state folder can be written"));
    }
}
