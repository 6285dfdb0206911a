namespace Pressure.LoadGen.Tests;

public sealed class WorkersTextTests
{
    [Fact]
    public void A_wish_that_was_typed_is_read_like_one_in_a_plan()
    {
        var wish = WorkersText.Read("5", ["eu=60%", "us=40%"], "1s", out var problems);
        Assert.Empty(problems);
        Assert.Equal((5, TimeSpan.FromSeconds(1), 0.6), (wish!.Count, wish.Heartbeat, wish.Regions["eu"]));
        Assert.Equal(TimeSpan.FromSeconds(3), WorkersText.Read("2", [], null, out _)!.Heartbeat);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        Assert.Null(WorkersText.Read("none", ["eu", "us=40%"], "1ms", out var problems));
        Assert.Contains(problems, p => p.Field == "workers.count");
        Assert.Contains(problems, p => p.Field.StartsWith("workers.regions", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Field == "workers.heartbeat");
    }

    [Fact]
    public void A_plan_tells_which_files_it_names()
    {
        var folder = Directory.CreateTempSubdirectory("pressure-files-").FullName;
        File.WriteAllText(Path.Combine(folder, "ids.csv"), "id\n1\n");
        File.WriteAllText(Path.Combine(folder, "photo.jpg"), "x");
        File.WriteAllText(Path.Combine(folder, "kill.yaml"), "x");
        var read = PlanReader.ParseIn(folder, """
            name: files
            target: http://127.0.0.1:9
            load: { rate: 1/s, duration: 10s }
            data: [ { file: ids.csv } ]
            chaos: [ kill.yaml, { experiment: ./kill.yaml, at: 2s } ]
            scenarios: [ { steps: [ { post: /, multipart: [ { name: file, value: no-file }, { name: photo, file: photo.jpg } ] } ] } ]
            """, "plan.yaml");
        Directory.Delete(folder, recursive: true);
        Assert.Empty(read.Problems);
        Assert.Equal(["./kill.yaml", "ids.csv", "kill.yaml", "photo.jpg"], read.Plan!.Files.Order(StringComparer.Ordinal));
    }
}
