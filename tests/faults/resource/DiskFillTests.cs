namespace Pressure.Faults.Tests.Resource;

public sealed class DiskFillTests : IDisposable
{
    private const string Kind = "host-disk-fill";
    private static readonly FaultTarget.Host Host = new("here");

    private readonly Trial _trial = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _trial.Dispose();
    }

    [Fact]
    public async Task Space_is_really_taken_by_one_file_that_bears_the_handle_and_given_back()
    {
        File.WriteAllText(_folder.File("theirs"), "stays");
        var intent = await _trial.ApplyAsync(Kind, Host, ("path", _folder.Path), ("bytes", "64MiB"));
        var file = _folder.File($"pressure-{intent.Handle}.fill");
        Assert.InRange(KernelCalls.BytesOnDisk(file), 64 << 20, 80 << 20);
        Assert.Contains("still lies", await _trial.ResidueAsync(intent));

        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Equal(["theirs"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
        Assert.Null(await _trial.ResidueAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
    }

    [Fact]
    public async Task One_that_broke_off_half_way_is_undone()
    {
        var intent = await _trial.PrepareAsync(Kind, Host, ("path", _folder.Path), ("bytes", "64MiB"));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        File.WriteAllText(_folder.File($"pressure-{intent.Handle}.fill"), "half");
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task A_folder_that_is_gone_leaves_nothing_to_undo()
    {
        var inner = _folder.File("inner");
        Directory.CreateDirectory(inner);
        var intent = await _trial.ApplyAsync(Kind, Host, ("path", inner), ("bytes", "1MiB"));
        Directory.Delete(inner, recursive: true);
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Theory]
    [InlineData("900000GB", "", "break the reserve")]
    [InlineData("", "100%", "break the reserve")]
    [InlineData("", "0%", "nothing to fill")]
    [InlineData("", "", "either bytes or percent")]
    public async Task What_would_fill_nothing_or_too_much_is_refused(string bytes, string percent, string why)
    {
        (string Name, string Value)[] arguments = [("path", _folder.Path), ("bytes", bytes), ("percent", percent)];
        Assert.Contains(why, Trial.Why(await _trial.TryPrepareAsync(Kind, Host, [.. arguments.Where(a => a.Value.Length > 0)])));
    }

    [Fact]
    public async Task A_path_that_leads_nowhere_is_refused()
    {
        Assert.Contains("no absolute path", Trial.Why(await _trial.TryPrepareAsync(Kind, Host, ("path", "tmp"), ("bytes", "1MiB"))));
        Assert.Contains("has no folder", Trial.Why(await _trial.TryPrepareAsync(Kind, Host, ("path", "/nowhere"), ("bytes", "1MiB"))));
    }

    [Fact]
    public void A_link_does_not_lead_out_of_the_root_that_it_is_opened_below()
    {
        Directory.CreateDirectory(_folder.File("root/etc"));
        File.CreateSymbolicLink(_folder.File("root/out"), "/etc");
        File.CreateSymbolicLink(_folder.File("root/up"), "../../../../../../etc");
        foreach (var link in (string[])["/out", "/up"])
        {
            using var folder = new FolderPlace(_folder.File("root"), link).Open();
            Assert.Equal(_folder.File("root/etc"), folder!.RealPath);
        }
    }
}
