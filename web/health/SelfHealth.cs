namespace Pressure.Web.Health;

/// <summary>Asks every check, none for longer than a few seconds, and all of them at most once a second however often somebody asks.</summary>
internal sealed class SelfHealth(IEnumerable<IHealthCheck> checks, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IHealthCheck> _checks = [.. checks];
    private readonly Lock _gate = new();
    private Task<HealthReport>? _last;
    private long _lastAt;

    public Task<HealthReport> ReportAsync()
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_lastAt) >= Fresh))
                (_last, _lastAt) = (AskAsync(), time.GetTimestamp());
            return _last;
        }
    }

    private async Task<HealthReport> AskAsync()
    {
        var findings = await Task.WhenAll(_checks.Select(AskAsync));
        return new HealthReport(findings.Select(f => f.Level).DefaultIfEmpty().Max(), findings);
    }

    private async Task<CheckReport> AskAsync(IHealthCheck check)
    {
        try
        {
            var finding = await Task.Run(check.CheckAsync).WaitAsync(Patience, time);
            return new(check.Name, finding.Level, finding.Detail);
        }
        catch (TimeoutException)
        {
            return new(check.Name, HealthLevel.Failing, $"it gave no answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(check.Name, HealthLevel.Failing, e.Message);
        }
    }
}

/// <summary>How the service stands.</summary>
internal sealed record HealthReport(HealthLevel Status, IReadOnlyList<CheckReport> Checks);

/// <summary>What one check found.</summary>
internal sealed record CheckReport(string Name, HealthLevel Level, string Detail);
