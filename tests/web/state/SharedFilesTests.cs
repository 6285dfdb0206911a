using Pressure.Chaos;
using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

[Collection(PostgresCollection.Name)]
public sealed class SharedFilesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TempFolder _one = new();
    private readonly TempFolder _two = new();
    private ServiceDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await ServiceDatabase.OpenAsync(await postgres.NewAsync(), Stop);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task What_one_node_writes_and_deletes_the_other_has_too()
    {
        var (one, two) = (On(_one), On(_two));
        List<string> heard = [];
        two.Changed += heard.Add;
        one.Write(_one.File(".chaos/experiments/a.yaml"), "first");
        await two.PullAsync(Stop);
        Assert.Equal("first", File.ReadAllText(_two.File(".chaos/experiments/a.yaml")));
        two.Write(_two.File(".chaos/experiments/a.yaml"), "second");
        await one.PullAsync(Stop);
        Assert.Equal("second", File.ReadAllText(_one.File(".chaos/experiments/a.yaml")));
        one.Delete(_one.File(".chaos/experiments/a.yaml"));
        await two.PullAsync(Stop);
        Assert.False(File.Exists(_two.File(".chaos/experiments/a.yaml")));
        Assert.Equal([".chaos/experiments/a.yaml", ".chaos/experiments/a.yaml"], heard);
    }

    [Fact]
    public async Task Changes_of_many_nodes_at_once_all_count()
    {
        var nodes = Enumerable.Range(0, 6).Select(i => (Folder: _one.File($"n{i}"), Files: new SharedFiles(_one.File($"n{i}"), _database, $"n{i}"))).ToList();
        await Task.WhenAll(nodes.SelectMany(n => Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => n.Files.Change(Path.Combine(n.Folder, "settings.json"), text => $"{int.Parse(text ?? "0") + 1}"), Stop))));
        foreach (var (folder, files) in nodes)
        {
            await files.PullAsync(Stop);
            Assert.Equal("120", File.ReadAllText(Path.Combine(folder, "settings.json")));
        }
    }

    [Fact]
    public async Task Whoever_pulls_meanwhile_misses_no_change()
    {
        var (one, two) = (On(_one), On(_two));
        using var over = new CancellationTokenSource();
        var pulling = Task.Run(
            async () =>
            {
                while (!over.IsCancellationRequested)
                    await two.PullAsync(Stop);
            },
            Stop);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => one.Write(_one.File($".chaos/drills/s{i}.json"), $"{i}"), Stop)));
        await over.CancelAsync();
        await pulling;
        await two.PullAsync(Stop);
        Assert.Equal(200, Directory.GetFiles(_two.File(".chaos/drills")).Length);
    }

    [Fact]
    public async Task What_a_machine_had_before_is_offered_and_what_was_deleted_meanwhile_is_not_brought_back()
    {
        Directory.CreateDirectory(_one.File(".chaos/experiments"));
        File.WriteAllText(_one.File(".chaos/experiments/old.yaml"), "old");
        await On(_one).OfferAsync(Stop);
        var two = On(_two);
        await two.PullAsync(Stop);
        Assert.Equal("old", File.ReadAllText(_two.File(".chaos/experiments/old.yaml")));
        two.Delete(_two.File(".chaos/experiments/old.yaml"));

        var again = On(_one);
        await again.PullAsync(Stop);
        await again.OfferAsync(Stop);

        Assert.False(File.Exists(_one.File(".chaos/experiments/old.yaml")));
        await two.PullAsync(Stop);
        Assert.False(File.Exists(_two.File(".chaos/experiments/old.yaml")));
    }

    [Fact]
    public async Task A_file_that_is_too_long_changes_nothing()
    {
        var one = On(_one);
        one.Write(_one.File("settings.json"), "{}");
        Assert.Throws<IOException>(() => one.Write(_one.File("settings.json"), new string('x', (1 << 20) + 1)));
        await one.PullAsync(Stop);
        Assert.Equal("{}", File.ReadAllText(_one.File("settings.json")));
    }

    [Theory]
    [InlineData("settings.json", true)]
    [InlineData(".chaos/experiments/a.yaml", true)]
    [InlineData(".chaos/monkeys/shop.seed", true)]
    [InlineData(".access/agents/ab12/agent.json", true)]
    [InlineData(".access/authority/ca.key", true)]
    [InlineData(".access/authority/server.crt", false)]
    [InlineData(".access/authority/sub/ca.key", false)]
    [InlineData(".access/agents/.hidden/agent.json", false)]
    [InlineData(".access/agents/ab12/entries", false)]
    [InlineData("../settings.json", false)]
    [InlineData(".chaos/experiments/../../x", false)]
    [InlineData(".chaos/experiments/sub/x", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData(".keys/", false)]
    [InlineData(".access/agents/../agent.json", false)]
    [InlineData("run-1/run.json", false)]
    [InlineData(".chaos/experiments/a.yaml.tmp", false)]
    public void Names_lead_nowhere_else(string name, bool shared) => Assert.Equal(shared, SharedPlaces.Contain(name));

    [Fact]
    public async Task A_file_is_told_of_when_the_next_one_can_not_be_written()
    {
        var (one, two) = (On(_one), On(_two));
        List<string> told = [];
        two.Changed += told.Add;
        one.Write(_one.File("settings.json"), "{}");
        one.Write(_one.File(".chaos/experiments/a.yaml"), "a");
        Directory.CreateDirectory(_two.File(".chaos/experiments/a.yaml"));
        await Assert.ThrowsAnyAsync<Exception>(() => two.PullAsync(Stop));
        Assert.Equal("{}", File.ReadAllText(_two.File("settings.json")));
        Assert.Equal(["settings.json"], told);

        Directory.Delete(_two.File(".chaos/experiments/a.yaml"));
        await two.PullAsync(Stop);
        Assert.Equal(["settings.json", ".chaos/experiments/a.yaml"], told);
    }

    [Fact]
    public async Task A_file_that_could_not_be_taken_is_told_of_again()
    {
        var (one, two) = (On(_one), On(_two));
        List<string> told = [];
        var isBusy = true;
        two.Changed += name =>
        {
            if (isBusy)
                throw new IOException("busy");
            told.Add(name);
        };
        one.Write(_one.File("settings.json"), "{}");
        await Assert.ThrowsAsync<IOException>(() => two.PullAsync(Stop));
        isBusy = false;
        await two.PullAsync(Stop);
        await two.PullAsync(Stop);
        Assert.Equal(["settings.json"], told);
    }

    private SharedFiles On(TempFolder folder) => new(folder.Path, _database, folder.Path);
}
