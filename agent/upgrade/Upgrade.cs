namespace Pressure.Agent;

/// <summary>Hands an agent's work over to another version of its program; whatever goes wrong, one of the two goes on.</summary>
/// <param name="serving">The agent at work.</param>
/// <param name="data">Its data folder.</param>
/// <param name="instance">This process.</param>
/// <param name="manager">Learns who goes on.</param>
/// <param name="time">For waiting.</param>
public sealed class Upgrade(IServing serving, string data, Guid instance, ServiceManager manager, TimeProvider time)
{
    private int _underWay;

    /// <summary>How long to wait for each word of the new version.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new version that serves is looked at before the old one relies on it.</summary>
    internal TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Starts the program and hands over to it; why it did not come to that, for people, or null: then this process is to leave.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="keep">Makes it the one that a restart starts; called when it has proved itself.</param>
    public async Task<string?> RunAsync(string program, Action keep)
    {
        if (Interlocked.Exchange(ref _underWay, 1) == 1)
            return "another upgrade is under way";
        try
        {
            using var successor = await Successor.StartAsync(program, data, instance, time);
            var problem = await HandOverAsync(successor);
            if (problem is not null)
                return problem;
            keep();
            manager.SucceededBy(successor.Pid);
            serving.Leave();
            return null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            return $"the new version can't be started: {e.Message}";
        }
        finally
        {
            _underWay = 0;
        }
    }

    // Not cancellable: half-way over, nobody would sample.
    private async Task<string?> HandOverAsync(Successor successor)
    {
        if (!await successor.SaysAsync("ready", Patience))
        {
            await successor.EndAsync();
            return $"the new version ended, or was not ready within {Patience.TotalSeconds:0} s; the old one goes on";
        }
        await serving.ReleaseAsync();
        await successor.TellAsync("take");
        if (await successor.SaysAsync("serving", Patience) && await successor.LivesAsync(Probation))
            return null;
        await successor.EndAsync();
        await serving.ResumeAsync();
        return "the new version took over and failed; the old one goes on";
    }
}
