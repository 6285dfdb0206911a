using System.Text.Json;

namespace Pressure.Record.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Run => _temp.File("run");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void What_was_written_is_read_back_in_order_of_time()
    {
        using (var writer = RunFolder.Create(Run, Sample.Manifest, Sample.Plan))
        {
            Assert.Equal(Run, writer.Path);
            writer.Append(Sample.Interval(1));
            writer.Append(Sample.Interval(0, share: 1));
            writer.Append(Sample.Interval(0));
            writer.Append(Sample.Host(2));
            writer.Append(Sample.Host(1));
            writer.Append(Sample.Generator(1));
            foreach (var what in Sample.EventOfEveryKind().Reverse())
                writer.Append(what);
        }

        var record = RunFolder.Read(Run);

        Assert.Equal(JsonSerializer.Serialize(Sample.Manifest), JsonSerializer.Serialize(record.Manifest));
        Assert.Equal(Sample.Plan, record.PlanText);
        Assert.Equal([(0, 0), (0, 1), (1, 0)], record.Intervals.Select(i => (i.Second, i.Share)));
        Assert.Equal(Sample.Interval(0, share: 1).Encode(), record.Intervals[1].Encode());
        Assert.Equal([Sample.Host(1), Sample.Host(2)], record.Hosts);
        Assert.Equal([Sample.Generator(1)], record.Generator);
        // As JSON: lists within an event are equal only when they are the same.
        Assert.Equal(Sample.EventOfEveryKind().Select(e => JsonSerializer.Serialize(e)), record.Events.Select(e => JsonSerializer.Serialize(e)));
        Assert.Empty(record.Recoveries);
        Assert.True(record.Ended);
    }

    [Fact]
    public void A_run_that_goes_on_can_be_read()
    {
        using var writer = RunFolder.Create(Run, Sample.Manifest, Sample.Plan);
        for (var second = 0; second < 5; second++)
        {
            Assert.Equal(second, RunFolder.Read(Run).Intervals.Count);
            writer.Append(Sample.Interval(second));
        }

        var record = RunFolder.Read(Run);
        Assert.Equal(5, record.Intervals.Count);
        Assert.False(record.Ended);
        Assert.Empty(record.Recoveries);
    }

    [Fact]
    public async Task Many_threads_write_while_another_reads_and_nothing_is_lost()
    {
        using var writer = RunFolder.Create(Run, Sample.Manifest, Sample.Plan);
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(share => Task.Run(() =>
        {
            for (var second = 0; second < 100; second++)
            {
                writer.Append(Sample.Interval(second, share));
                for (var i = 0; i < 50; i++)
                    writer.Append(new TimelineEvent.TargetRecovered(TimeSpan.FromSeconds(second)));
            }
        })));
        var seen = 0;
        while (!writing.IsCompleted)
        {
            var count = RunFolder.Read(Run).Intervals.Count;
            Assert.True(count >= seen, $"{count} intervals after {seen}");
            seen = count;
        }
        await writing;

        var record = RunFolder.Read(Run);
        Assert.Equal(Enumerable.Range(0, 100).SelectMany(s => Enumerable.Range(0, 4).Select(share => (s, share))), record.Intervals.Select(i => (i.Second, i.Share)));
        Assert.Equal(20_000, record.Events.Count);
        Assert.Empty(record.Recoveries);
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_written_over()
    {
        RunFolder.Create(Run, Sample.Manifest, Sample.Plan).Dispose();

        var refused = Assert.Throws<IOException>(() => RunFolder.Create(Run, Sample.Manifest, Sample.Plan));

        Assert.Contains(Run, refused.Message, StringComparison.Ordinal);
        Assert.Contains("already holds a run", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_way_of_a_file_is_an_io_error()
    {
        File.WriteAllText(Run, "not a folder");

        Assert.Throws<IOException>(() => RunFolder.Create(Run, Sample.Manifest, Sample.Plan));
    }

    [Theory]
    [InlineData(null, "is not a run folder")]
    [InlineData("", "not a run's manifest")]
    [InlineData("{ \"id\": \"x\" }", "not a run's manifest")]
    [InlineData("null", "not a run's manifest")]
    [InlineData("[[[[", "not a run's manifest")]
    public void A_folder_without_a_sound_manifest_is_refused(string? text, string why)
    {
        Directory.CreateDirectory(Run);
        if (text is not null)
            File.WriteAllText(Path.Combine(Run, RunFolder.ManifestFile), text);

        Assert.Contains(why, Assert.Throws<InvalidDataException>(() => RunFolder.Read(Run)).Message, StringComparison.Ordinal);
        Assert.Equal(text is not null, RunFolder.Exists(Run));
    }

    [Fact]
    public void A_manifest_without_what_it_must_have_is_refused()
    {
        RunFolder.Create(Run, Sample.Manifest, Sample.Plan).Dispose();
        var file = Path.Combine(Run, RunFolder.ManifestFile);
        var sound = File.ReadAllText(file);
        foreach (var member in new[] { "id", "load", "requests", "segments", "url" })
        {
            File.WriteAllText(file, sound.Replace($"\"{member}\"", "\"other\"", StringComparison.Ordinal));
            Assert.Throws<InvalidDataException>(() => RunFolder.ReadManifest(Run));
        }
    }

    [Fact]
    public void A_manifest_without_its_optional_lists_has_empty_ones()
    {
        RunFolder.Create(Run, Sample.Manifest, Sample.Plan).Dispose();
        var file = Path.Combine(Run, RunFolder.ManifestFile);
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"thresholds\"", "\"other\"", StringComparison.Ordinal).Replace("\"hosts\"", "\"others\"", StringComparison.Ordinal));
        var manifest = RunFolder.ReadManifest(Run);
        Assert.Empty(manifest.Thresholds);
        Assert.Empty(manifest.Hosts);
    }

    [Fact]
    public void A_folder_of_format_1_is_read_whole()
    {
        RunFolder.Create(Run, Sample.Manifest with { Format = 1 }, Sample.Plan).Dispose();
        var payload = Convert.FromBase64String(IntervalEncodingTests.OfFormat1);
        var header = new byte[LogFormat.HeaderLength];
        LogFormat.WriteHeader(header, payload);
        File.WriteAllBytes(Path.Combine(Run, RunFolder.IntervalsFile), [.. header, .. payload]);

        var record = RunFolder.Read(Run);

        Assert.Empty(record.Recoveries);
        Assert.Equal(9, Assert.Single(record.Intervals).Requests[0].Sent);
        Assert.Equal(1, record.Manifest.Format);
    }

    [Fact]
    public void A_folder_of_a_newer_format_is_refused_with_the_version_to_update_to()
    {
        RunFolder.Create(Run, Sample.Manifest with { Format = 5, Version = "7.8.9" }, Sample.Plan).Dispose();

        Assert.Contains("7.8.9", Assert.Throws<InvalidDataException>(() => RunFolder.ReadManifest(Run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_are_told_and_the_rest_is_read()
    {
        using (var writer = RunFolder.Create(Run, Sample.Manifest, Sample.Plan))
            writer.Append(Sample.Interval(0));
        File.Delete(Path.Combine(Run, RunFolder.HostsFile));
        File.Delete(Path.Combine(Run, RunFolder.PlanFile));

        var record = RunFolder.Read(Run);

        Assert.Single(record.Intervals);
        Assert.Equal("", record.PlanText);
        Assert.Equal([RunFolder.HostsFile, RunFolder.PlanFile], record.Recoveries.Select(r => r.File));
    }

    [Fact]
    public void An_interval_of_another_plan_is_refused()
    {
        using var writer = RunFolder.Create(Run, Sample.Manifest, Sample.Plan);

        Assert.Throws<ArgumentException>(() => writer.Append(new Interval(0, 0, 3)));
    }

    [Fact]
    public void The_writer_is_alive_only_with_its_own_start_time()
    {
        Assert.True(RunFolder.IsWriterAlive(Sample.Manifest));
        Assert.True(RunFolder.IsWriterAlive(Sample.Manifest with { ProcessStart = 0 }));
        Assert.False(RunFolder.IsWriterAlive(Sample.Manifest with { ProcessStart = Sample.Manifest.ProcessStart + 1 }));
        Assert.False(RunFolder.IsWriterAlive(Sample.Manifest with { ProcessId = 0 }));
        Assert.False(RunFolder.IsWriterAlive(Sample.Manifest with { ProcessId = int.MaxValue }));
        Assert.Null(RunFolder.ProcessStart(int.MaxValue));
    }

    [Fact]
    public void No_unfinished_file_is_left_behind()
    {
        RunFolder.Create(Run, Sample.Manifest, Sample.Plan).Dispose();

        Assert.Equal(
            ["events.log", "hosts.log", "intervals.log", "plan.yaml", "run.json"],
            Directory.GetFiles(Run).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }
}
