namespace Pressure.Record.Tests;

/// <summary>Two runs that are to write to the same folder: one has it, and the other one touches nothing in it.</summary>
public sealed class FolderClaimTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Run => _temp.File("run");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Who_comes_a_moment_late_leaves_everything_as_it_is()
    {
        // Files that nobody sees who looks, and that are there for whoever makes them: as those that another run makes between the two.
        Directory.CreateDirectory(Run);
        string[] others = [RunFolder.IntervalsFile, RunFolder.HostsFile, RunFolder.EventsFile, RunFolder.PlanFile, RunFolder.ManifestFile];
        foreach (var file in others)
            File.CreateSymbolicLink(Path.Combine(Run, file), _temp.File("elsewhere"));
        var reserve = Path.Combine(Run, "reserve");
        File.WriteAllText(reserve, "the other's");

        Assert.Throws<IOException>(() => RunFolder.Create(Run, Sample.Manifest, Sample.Plan));

        Assert.Equal(others.Append("reserve").Order(StringComparer.Ordinal), Directory.EnumerateFileSystemEntries(Run).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal("the other's", File.ReadAllText(reserve));
        Assert.False(File.Exists(_temp.File("elsewhere")));
    }

    [Fact]
    public void Of_many_at_a_time_one_has_the_folder_whole()
    {
        for (var round = 0; round < 20; round++)
        {
            var folder = _temp.File($"run{round}");
            using var ready = new Barrier(4);
            var writers = new RunWriter?[4];
            var threads = Enumerable.Range(0, writers.Length).Select(i => new Thread(() =>
            {
                ready.SignalAndWait();
                try
                {
                    writers[i] = RunFolder.Create(folder, Sample.Manifest, Sample.Plan);
                }
                catch (IOException)
                {
                    // Another has it.
                }
            })).ToList();
            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());

            using (var winner = Assert.Single(writers.OfType<RunWriter>()))
                winner.Append(Sample.Interval(0));
            Assert.Single(RunFolder.Read(folder).Intervals);
        }
    }

    [Fact]
    public void What_could_not_begin_leaves_nothing_behind()
    {
        // A folder where the hosts' log is to be.
        Directory.CreateDirectory(Path.Combine(Run, RunFolder.HostsFile));

        Assert.ThrowsAny<SystemException>(() => RunFolder.Create(Run, Sample.Manifest, Sample.Plan));

        Assert.Equal([RunFolder.HostsFile], Directory.EnumerateFileSystemEntries(Run).Select(f => Path.GetFileName(f)));
    }
}
