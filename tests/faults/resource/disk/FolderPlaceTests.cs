namespace Pressure.Faults.Tests.Resource.Disk;

public sealed class FolderPlaceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task In_layers_on_each_other_the_upper_one_holds_what_is_written_and_its_disk_is_behind_it()
    {
        using var process = await MountedAsync("mount -t overlay overlay -o lowerdir=$0/lower,upperdir=$0/upper,workdir=$0/work $0/merged");
        using var folder = FolderPlace.Of(process.Pid, _folder.File("merged/link")).Open()!;
        // Written to by its path in the container, which is a link in the lower layer.
        File.WriteAllText(folder.File("x"), "");

        var (onHost, vanishes) = FolderPlace.Outside(process.Pid, folder);
        Assert.Equal((new FolderPlace(_folder.File("upper"), "real"), false), (onHost, vanishes));
        using var outside = onHost!.Value.Open()!;
        Assert.True(File.Exists(outside.File("x")));
        Assert.Equal(BlockDevice.Behind(Environment.ProcessId, _folder.Path), BlockDevice.Behind(process.Pid, _folder.File("merged")));
    }

    [Fact]
    public async Task What_lies_in_memory_goes_with_its_container()
    {
        using var process = await MountedAsync("mount -t tmpfs none $0/merged");
        using var folder = FolderPlace.Of(process.Pid, _folder.File("merged")).Open()!;
        Assert.Equal(((FolderPlace?)null, true), FolderPlace.Outside(process.Pid, folder));
        Assert.Null(BlockDevice.Behind(process.Pid, _folder.File("merged")));
    }

    /// <summary>A process with mounts of its own.</summary>
    private async Task<ChildProcess> MountedAsync(string mount)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Mounting needs root.");
        foreach (var name in (string[])["lower/real", "upper", "work", "merged"])
            Directory.CreateDirectory(_folder.File(name));
        File.CreateSymbolicLink(_folder.File("lower/link"), _folder.File("merged/real"));
        var process = ChildProcess.Shell($"exec unshare -m sh -c '{mount} && echo mounted && exec sleep 600' {_folder.Path}");
        Assert.Equal("mounted", await process.Output.ReadLineAsync(TestContext.Current.CancellationToken));
        return process;
    }
}
