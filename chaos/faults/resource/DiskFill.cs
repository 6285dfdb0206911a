using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Fills the file system that a folder of a container or of the host lies on with a file, down to a reserve. The file bears the fault's handle.</summary>
/// <remarks>
/// A container's folder is written to through the container, and its place on the host is noted before: there the file is found and deleted when the
/// container has ended. Paths never lead out of the container, whatever links it holds.
/// </remarks>
internal sealed class DiskFill(FaultTools tools, TargetKind target) : IFault
{
    private const int Piece = 4 << 20;

    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = TargetNames.Kind("disk-fill", target),
        Summary = $"Fills a file system {TargetNames.Inside(target)} with one file, which is deleted afterwards; a reserve is left to others.",
        Target = target,
        Parameters =
        [
            new("path", ParameterType.Text, "folder in which the file is made"),
            new("bytes", ParameterType.Bytes, "size of the file; leave it away to give percent", ""),
            new("percent", ParameterType.Percent, "share of the file system that is in use afterwards; leave it away to give bytes", ""),
            new("reserve", ParameterType.Bytes, "space that stays free; 5 % and at least 256MiB when left away", ""),
        ],
    };

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        if (Refusals.OfArguments(Description, order) is { } wrong)
            return wrong;
        var path = FaultArguments.Text(Description, order.Arguments, "path")!;
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            return new Preparation.Refused($"'{path}' is no absolute path.", "Give a path from / on.");
        HostProcess? process = null;
        if (order.Target is not FaultTarget.Host)
        {
            (process, var gone) = await StruckProcess.FindAsync(order.Target, tools, stop);
            if (process is null)
                return gone!;
        }
        var place = process is null ? new FolderPlace("/", path) : FolderPlace.Of(process.Pid, path);
        using var folder = place.Open();
        return folder is null
            ? new Preparation.Refused($"{order.Target.Label} has no folder {path}, or it may not be opened.", "Name a folder that is there, and run as root.")
            : Prepare(order, process, place, folder);
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        var place = StruckProcess.Kept(intent.Prior["process"]) is not var (pid, start) ? Kept(intent.Prior["place"])!.Value
            : HostProcesses.Of(pid, start) is not null ? FolderPlace.Of(pid, (string)intent.Prior["path"]!)
            : throw new FaultException($"{intent.Target.Label} has ended. Choose targets anew.");
        using var folder = place.Open() ?? throw new FaultException($"{place.Path} of {intent.Target.Label} is gone.");
        var (bytes, reserve) = ((long)intent.Prior["bytes"]!, (long)intent.Prior["reserve"]!);
        if (new DriveInfo(folder.Path).AvailableFreeSpace - bytes < reserve)
            throw new FaultException($"There is less space in {place.Path} of {intent.Target.Label} than when it was looked at: {bytes >> 20} MiB would break the reserve of {reserve >> 20} MiB.");
        try
        {
            await FillAsync(folder.File(NameOf(intent)), bytes, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException($"{place.Path} of {intent.Target.Label} can't be filled: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        var deleted = false;
        foreach (var place in await PlacesAsync(intent, limit))
        {
            using var folder = place.Open();
            if (folder is null || !File.Exists(folder.File(NameOf(intent))))
                continue;
            try
            {
                File.Delete(folder.File(NameOf(intent)));
                deleted = true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new UndoOutcome.Incomplete($"{NameOf(intent)} in {place.Path} of {intent.Target.Label} can't be deleted: {e.Message}", $"Run as root: rm {Mount.Join(place.Root, place.Path)}/{NameOf(intent)}");
            }
        }
        return deleted ? new UndoOutcome.Undone() : new UndoOutcome.NothingToUndo("the file is not there");
    }

    /// <inheritdoc/>
    public async Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        foreach (var place in await PlacesAsync(intent, limit))
        {
            using var folder = place.Open();
            if (folder is not null && File.Exists(folder.File(NameOf(intent))))
                return $"{NameOf(intent)} still lies in {place.Path} of {intent.Target.Label}";
        }
        return null;
    }

    private Preparation Prepare(FaultOrder order, HostProcess? process, FolderPlace place, OpenFolder folder)
    {
        var (onHost, vanishes) = process is null ? (place, false) : FolderPlace.Outside(process.Pid, folder);
        if (onHost is null && !vanishes)
            return new Preparation.Refused($"Where {place.Path} of {order.Target.Label} lies on the host can't be told, and so the file could not be deleted when the container has ended.", "Name a folder of a volume, or of the container's own file system.");
        var bytes = FaultArguments.Bytes(FaultArguments.Text(Description, order.Arguments, "bytes"));
        var percent = FaultArguments.Percent(FaultArguments.Text(Description, order.Arguments, "percent"));
        if (bytes is null == percent is null)
            return new Preparation.Refused($"{Description.Kind} needs either bytes or percent.", "Give one of them.");
        var disk = new DriveInfo(folder.Path);
        var (total, free) = (disk.TotalSize, disk.AvailableFreeSpace);
        var reserve = FaultArguments.Bytes(FaultArguments.Text(Description, order.Arguments, "reserve")) ?? Reserve.Usual(total);
        var wanted = bytes ?? (long)(percent!.Value * total) - (total - disk.TotalFreeSpace);
        if (wanted <= 0)
            return new Preparation.Refused($"{place.Path} of {order.Target.Label} has {(total - disk.TotalFreeSpace) >> 20} MiB of {total >> 20} MiB in use already: there is nothing to fill.", "Give a larger share, or bytes.");
        if (free - wanted < reserve)
            return new Preparation.Refused($"{place.Path} of {order.Target.Label} has {free >> 20} MiB free; {wanted >> 20} MiB would break the reserve of {reserve >> 20} MiB.", "Fill less, or give a smaller reserve.");
        return new Preparation.Ready(new JsonObject
        {
            ["process"] = process is null ? null : StruckProcess.Keep(process),
            ["path"] = place.Path,
            ["place"] = onHost is { } outside ? new JsonObject { ["root"] = outside.Root, ["path"] = outside.Path } : null,
            ["bytes"] = wanted,
            ["reserve"] = reserve,
        });
    }

    private static async Task FillAsync(string path, long bytes, CancellationToken stop)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, PreallocationSize = bytes });
        // Some file systems promise nothing beforehand: there it is written.
        if (KernelCalls.BytesOnDisk(path) >= bytes)
            return;
        var piece = new byte[Piece];
        for (var written = 0L; written < bytes; written += piece.Length)
            await file.WriteAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, bytes - written)), stop);
    }

    /// <summary>Where the file may lie: in the container as it was struck, in the one that was started anew from it, on the host.</summary>
    private async Task<IReadOnlyList<FolderPlace>> PlacesAsync(FaultIntent intent, CancellationToken limit)
    {
        List<FolderPlace> places = [];
        var path = (string)intent.Prior["path"]!;
        if (StruckProcess.Kept(intent.Prior["process"]) is var (pid, start) && !Boot.IsOver(intent) && HostProcesses.Of(pid, start) is not null)
            places.Add(FolderPlace.Of(pid, path));
        else if (intent.Target is FaultTarget.Container container && await StruckProcess.PidAsync(container.Id, tools, limit) is { } later)
            places.Add(FolderPlace.Of(later, path));
        if (Kept(intent.Prior["place"]) is { } outside)
            places.Add(outside);
        return places;
    }

    private static FolderPlace? Kept(JsonNode? kept) => kept is null ? null : new FolderPlace((string)kept["root"]!, (string)kept["path"]!);

    private static string NameOf(FaultIntent intent) => $"pressure-{intent.Handle}.fill";
}
