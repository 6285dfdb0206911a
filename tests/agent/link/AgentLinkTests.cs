namespace Pressure.Agent.Tests.Link;

public sealed class AgentLinkTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TestStore _store = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Samples_reach_the_centre_in_order_and_each_once()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        await using var agent = new TestAgent(_folder, _store, _authority, centre.Url);

        await Eventually.TrueAsync(() => _store.Count >= 10, () => $"{string.Join("\n", agent.Told)} {centre.Last.Failure}");

        var entries = _store.Entries;
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(i => (long)i), entries.Select(e => e.Number));
        Assert.Equal(entries.Select(e => e.Entry.At).Order(), entries.Select(e => e.Entry.At));
        Assert.All(entries, e => Assert.Equal("host-1", e.Entry.Host!.Host));
        Assert.Equal(0, _store.Twice);
        Assert.Equal("orders", centre.Last.Hello!.Labels["service"]);
    }
}
