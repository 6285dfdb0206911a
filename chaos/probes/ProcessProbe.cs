using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Counts processes of this host by name, or one by its id.</summary>
internal sealed class ProcessProbe(string name, int? pid) : IProbe
{
    /// <summary>Makes one; what is wrong is noted.</summary>
    public static ProcessProbe Create(ProbeArguments arguments)
    {
        var (name, pid) = (arguments.Text("name"), arguments.Text("pid"));
        if (name.Length == 0 == (pid.Length == 0))
            arguments.Problem("process needs either 'name' or 'pid'.");
        return new ProcessProbe(name, pid.Length == 0 ? null : arguments.Number("pid", 1, int.MaxValue));
    }

    /// <inheritdoc/>
    public Task<ProbeValue> AskAsync(CancellationToken stop) =>
        Task.FromResult(new ProbeValue(pid is { } one ? HostProcesses.Of(one) is null ? 0 : 1 : HostProcesses.List().Count(p => NamePattern.Matches(name, p.Program))));
}
