using Pressure.Faults;
using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>Two nodes that agree on a global stop, step by step.</summary>
[Collection(PostgresCollection.Name)]
public sealed class HaltAgreementTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ServiceDatabase _database = null!;
    private Node _one = null!;
    private Node _two = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await ServiceDatabase.OpenAsync(await postgres.NewAsync(), Stop);
        (_one, _two) = (new(_database, Directory.CreateDirectory(_folder.File("one")).FullName), new(_database, Directory.CreateDirectory(_folder.File("two")).FullName));
        _one.Own.Set(HaltAt(0, "alice"));
        await _one.Shared.AgreeAsync(Stop);
        await _two.Shared.AgreeAsync(Stop);
        Assert.True(_one.Own.IsSet && _two.Own.IsSet);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_that_is_lifted_is_lifted_everywhere()
    {
        await SettleAsync();
        Assert.True(_one.Own.IsSet && _two.Own.IsSet);
        Assert.True(_two.Own.Lift());
        await _two.Shared.AgreeAsync(Stop);
        await _one.Shared.AgreeAsync(Stop);
        await SettleAsync();
        Assert.False(_one.Own.IsSet || _two.Own.IsSet);
    }

    [Fact]
    public async Task One_that_is_set_again_where_the_lifting_of_the_one_before_was_not_heard_yet_holds()
    {
        Assert.True(_two.Own.Lift());
        await _two.Shared.AgreeAsync(Stop);
        _one.Own.Set(HaltAt(5, "bob"));
        await _one.Shared.AgreeAsync(Stop);
        await SettleAsync();
        Assert.True(_one.Own.IsSet && _two.Own.IsSet);
        Assert.Equal("alice", _one.Own.Read()!.By);
    }

    [Fact]
    public async Task One_that_was_set_again_before_the_lifting_was_told_holds()
    {
        await SettleAsync();
        _one.Own.Set(HaltAt(5, "bob"));
        await _one.Shared.AgreeAsync(Stop);
        Assert.True(_two.Own.Lift());
        await _two.Shared.AgreeAsync(Stop);
        await SettleAsync();
        Assert.True(_one.Own.IsSet && _two.Own.IsSet);
    }

    [Fact]
    public async Task A_node_that_starts_anew_finds_it_and_can_lift_it()
    {
        var again = new Node(_database, _folder.File("two"));
        await again.Shared.AgreeAsync(Stop);
        await _one.Shared.AgreeAsync(Stop);
        Assert.True(again.Own.IsSet && _one.Own.IsSet);
        Assert.True(_one.Own.Lift());
        await _one.Shared.AgreeAsync(Stop);
        await again.Shared.AgreeAsync(Stop);
        await _one.Shared.AgreeAsync(Stop);
        Assert.False(again.Own.IsSet || _one.Own.IsSet);
    }

    private static Halt HaltAt(int seconds, string by) => new(by, DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds) + TimeSpan.FromTicks(3), "fire");

    private async Task SettleAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            await _one.Shared.AgreeAsync(Stop);
            await _two.Shared.AgreeAsync(Stop);
        }
    }

    private sealed class Node(ServiceDatabase database, string folder)
    {
        public GlobalStop Own { get; } = new(folder);

        public SharedHalt Shared { get; } = new(database, folder);
    }
}
