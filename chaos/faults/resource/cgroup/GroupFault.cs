using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// A fault that changes settings of the control group of a process, or of a container's. What stood there is captured before, and put back only where
/// it still is what this fault wrote: what somebody else has set meanwhile is theirs and stays.
/// </summary>
/// <remarks>A group is told from a later one by the same name (a container that was started anew has such a one) by its folder's inode.</remarks>
internal abstract class GroupFault(FaultTools tools) : IFault
{
    /// <inheritdoc/>
    public abstract FaultDescription Description { get; }

    /// <summary>Where the kernel tells of processes.</summary>
    internal string Proc { get; init; } = "/proc";

    /// <summary>Name of the controller with version 1; <c>blkio</c> is <c>io</c> with version 2.</summary>
    protected abstract string Controller { get; }

    /// <summary>What is to be changed in a group, in the order in which it is written; undoing goes backwards.</summary>
    protected abstract (IReadOnlyList<GroupSetting> Settings, Preparation.Refused? Refusal) Plan(FaultOrder order, ControlGroup group, HostProcess process);

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        if (Refusals.OfArguments(Description, order) is { } wrong)
            return wrong;
        var (process, gone) = await StruckProcess.FindAsync(order.Target, tools, stop);
        if (process is null)
            return gone!;
        if (ControlGroup.Of(process.Pid, Controller, Proc) is not { } group || KernelCalls.Inode(group.Path) is not { } inode)
            return new Preparation.Refused($"{order.Target.Label} is in no control group of its own for {Controller} that can be seen from here.", "Strike a container, or a process of a service that has a group of its own, on the machine itself.");
        if (group.Path == ControlGroup.Of(Environment.ProcessId, Controller, Proc)?.Path)
            return new Preparation.Refused($"{order.Target.Label} is in the same control group as Pressure itself, which would be struck too.", "Run Pressure, or the target, in a group of its own.");
        if (Refusals.OfRival(tools, Description.Kind, group.Path) is { } rival)
            return rival;
        var (settings, refusal) = Plan(order, group, process);
        return refusal is not null ? refusal : new Preparation.Ready(new JsonObject
        {
            ["group"] = group.Path,
            ["unified"] = group.Unified,
            ["inode"] = inode,
            ["settings"] = new JsonArray([.. settings.Select(s => s.Keep())]),
        });
    }

    /// <inheritdoc/>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        if (GroupOf(intent) is not { } group)
            throw new FaultException($"The control group of {intent.Target.Label} is gone. Choose targets anew.") { NothingTouched = true };
        // All of them before the first is written: then a no has touched nothing.
        foreach (var setting in SettingsOf(intent))
        {
            if (setting.Current(group) is var current && current != setting.Prior)
                throw new FaultException($"{group.File(setting.File)} has changed since it was looked at, from '{setting.Prior}' to '{current}'. Try again.") { NothingTouched = true };
        }
        foreach (var setting in SettingsOf(intent))
        {
            try
            {
                setting.Write(group, setting.Set);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FaultException($"The kernel does not take '{setting.Set}' for {group.File(setting.File)}: {e.Message}", e);
            }
            if (setting.Current(group) is var shown && shown != setting.Set)
                throw new FaultException($"{group.File(setting.File)} stands at '{shown}' and not at '{setting.Set}' as written.");
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) => Task.FromResult(Undo(intent));

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        var left = GroupOf(intent) is { } group ? SettingsOf(intent).FirstOrDefault(s => IsOurs(s, group)) : null;
        return Task.FromResult(left is null ? null : $"{(string)intent.Prior["group"]!}/{left.File} still stands at '{left.Set}' instead of '{left.Prior}'");
    }

    private static UndoOutcome Undo(FaultIntent intent)
    {
        if (Boot.IsOver(intent))
            return Boot.StartedAnew;
        if (GroupOf(intent) is not { } group)
            return new UndoOutcome.NothingToUndo("its control group is gone");
        List<string> left = [], commands = [];
        var undone = false;
        foreach (var setting in SettingsOf(intent).Reverse().Where(s => IsOurs(s, group)))
        {
            if (Reset(setting, group) is not { } why)
            {
                undone = true;
            }
            else if (GroupOf(intent) is not null)
            {
                left.Add($"{group.File(setting.File)} stands at '{setting.Set}': {why}");
                commands.Add($"echo '{(setting.Device.Length == 0 ? "" : setting.Device + " ")}{setting.Reset}' > {group.File(setting.File)}");
            }
        }
        return left.Count > 0 ? new UndoOutcome.Incomplete(string.Join("; ", left), $"Run as root: {string.Join(" && ", commands)}")
            : undone ? new UndoOutcome.Undone()
            : new UndoOutcome.NothingToUndo(Others(intent, group));
    }

    /// <summary>Whether a setting is as this fault left it.</summary>
    private static bool IsOurs(GroupSetting setting, ControlGroup group) => setting.Set != setting.Prior && setting.Current(group) == setting.Set;

    /// <summary>Puts a setting back; why it did not work, null if it did.</summary>
    private static string? Reset(GroupSetting setting, ControlGroup group)
    {
        try
        {
            setting.Write(group, setting.Reset);
            return setting.Current(group) is var now && now == setting.Prior ? null : $"it became '{now}' and not '{setting.Prior}'";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static string Others(FaultIntent intent, ControlGroup group) =>
        SettingsOf(intent).FirstOrDefault(s => s.Current(group) is { } current && current != s.Prior) is { } other
            ? $"{other.File} was set to '{other.Current(group)}' by somebody else meanwhile, which stays"
            : "everything stands as before";

    /// <summary>The group of an intent; null if it is gone, or another one stands in its place.</summary>
    private static ControlGroup? GroupOf(FaultIntent intent) =>
        !Boot.IsOver(intent) && (string?)intent.Prior["group"] is { } path && KernelCalls.Inode(path) is { } inode && inode == (long)intent.Prior["inode"]!
            ? new ControlGroup(path, (bool)intent.Prior["unified"]!)
            : null;

    private static IEnumerable<GroupSetting> SettingsOf(FaultIntent intent) => ((JsonArray)intent.Prior["settings"]!).Select(s => GroupSetting.Kept(s!));
}
