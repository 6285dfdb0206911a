using Pressure.Chaos;
using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>A file that is on this disk is told of, whatever becomes of those that come with it.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ToldFilesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TempFolder _one = new();
    private readonly TempFolder _two = new();
    private readonly List<string> _told = [];
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
    public async Task One_is_told_of_when_the_next_one_can_not_be_written()
    {
        var (one, two) = (On(_one), On(_two));
        two.Changed += _told.Add;
        one.Write(_one.File("settings.json"), "{}");
        one.Write(_one.File(".chaos/experiments/a.yaml"), "a");
        Directory.CreateDirectory(_two.File(".chaos/experiments/a.yaml"));
        await Assert.ThrowsAnyAsync<Exception>(() => two.PullAsync(Stop));
        Assert.Equal("{}", File.ReadAllText(_two.File("settings.json")));
        Assert.Equal(["settings.json"], _told);

        Directory.Delete(_two.File(".chaos/experiments/a.yaml"));
        await two.PullAsync(Stop);
        Assert.Equal(["settings.json", ".chaos/experiments/a.yaml"], _told);
    }

    [Fact]
    public async Task One_that_could_not_be_taken_is_told_of_again()
    {
        var (one, two) = (On(_one), On(_two));
        var isBusy = true;
        two.Changed += name =>
        {
            if (isBusy)
                throw new IOException("busy");
            _told.Add(name);
        };
        one.Write(_one.File("settings.json"), "{}");
        await Assert.ThrowsAsync<IOException>(() => two.PullAsync(Stop));
        isBusy = false;
        await two.PullAsync(Stop);
        await two.PullAsync(Stop);
        Assert.Equal(["settings.json"], _told);
    }

    private SharedFiles On(TempFolder folder) => new(folder.Path, _database, folder.Path);
}
