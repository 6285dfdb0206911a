namespace Pressure.Chaos;

/// <summary>Tells the audit log what a run does, one thing after the other, while it goes on. What can't be told ends the run: faults are undone, nothing new begins.</summary>
internal sealed class AuditTrail(IAudit? audit, string by, EndSignal end)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Completes when it is written, and so is everything that was told before.</summary>
    public Task TellAsync(string what, string on, string outcome, string detail)
    {
        if (audit is null)
            return Task.CompletedTask;
        lock (_gate)
            return _last = AfterAsync(_last, audit, new(by, what, on, outcome, detail));
    }

    private async Task AfterAsync(Task before, IAudit to, AuditEntry entry)
    {
        // Not under the caller's lock: a run that ends calls back.
        await Task.Yield();
        await before;
        try
        {
            await to.WriteAsync(entry, CancellationToken.None);
        }
        catch (GuardBookException e)
        {
            end.End(ExperimentStatus.Failed, e.Message);
        }
    }
}
