using System.Text;
using System.Text.Json.Nodes;

namespace Pressure.Record.Tests;

public sealed class CrewRecordTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Folder => _temp.File("run");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_workers_of_a_run_are_read_as_they_were_written()
    {
        RunFolder.Create(Folder, Sample.Manifest, Sample.Plan).Dispose();

        var (written, read) = (Sample.Manifest.Crew!, RunFolder.ReadManifest(Folder).Crew!);
        Assert.Equal(written.Workers, read.Workers);
        Assert.Equal(written.Weights, read.Weights);
        Assert.Equal((written.Heartbeat, written.Lease, written.Tolerance), (read.Heartbeat, read.Lease, read.Tolerance));
    }

    [Fact]
    public void A_manifest_without_workers_does_not_mention_them()
    {
        RunFolder.Create(Folder, Sample.Manifest with { Crew = null }, Sample.Plan).Dispose();

        Assert.False(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, RunFolder.ManifestFile)))!.AsObject().ContainsKey("crew"));
        Assert.Null(RunFolder.ReadManifest(Folder).Crew);
    }

    [Fact]
    public void A_manifest_whose_worker_has_no_name_is_refused()
    {
        RunFolder.Create(Folder, Sample.Manifest, Sample.Plan).Dispose();
        var file = Path.Combine(Folder, RunFolder.ManifestFile);
        var manifest = JsonNode.Parse(File.ReadAllText(file))!;
        manifest["crew"]!["workers"]![0]!["name"] = null;
        File.WriteAllText(file, manifest.ToJsonString());

        Assert.Contains("Name", Assert.Throws<InvalidDataException>(() => RunFolder.ReadManifest(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_of_several_workers_keep_their_names_and_those_of_one_process_have_none()
    {
        using (var writer = RunFolder.Create(Folder, Sample.Manifest, Sample.Plan))
        {
            writer.Append(Sample.Generator(1) with { Worker = "北 1" });
            writer.Append(Sample.Generator(1) with { Worker = "south" });
            writer.Append(Sample.Generator(2));
        }

        Assert.Equal(["北 1", "south", null], RunFolder.Read(Folder).Generator.Select(g => g.Worker));
        Assert.Equal(2, Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(Folder, RunFolder.HostsFile))).Split("\"worker\"").Length - 1);
    }

    [Fact]
    public void Shares_of_one_second_are_read_in_their_order_whatever_came_first()
    {
        using (var writer = RunFolder.Create(Folder, Sample.Manifest, Sample.Plan))
        {
            foreach (var (second, share) in new[] { (1, 1), (0, 1), (1, 0), (0, 0), (1, 1) })
                writer.Append(Sample.Interval(second, share));
        }

        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1), (1, 1)], RunFolder.Read(Folder).Intervals.Select(i => (i.Second, i.Share)));
    }
}
