using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Cluster.Tests;

/// <summary>Whoever has the broker's password can write into a worker's mailbox: nothing that comes may stop the worker or reach beyond its folder.</summary>
public sealed class HostileMessageTests
{
    private static readonly string SomeHash = new('a', 64);

    public static TheoryData<string> Names => ["../x", "/etc/passwd", "a/../../x", "a//b", "", ".", "a/.", "a\\b", "a\nb", new string('x', 500)];

    [Fact]
    public async Task What_makes_no_sense_goes_to_the_dead_letters_and_the_worker_goes_on()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        await Eventually.Get(() => place.Coordinator.Cards.FirstOrDefault());
        var good = place.Coordinator.Offer(Plans.Rate(target.Url, 5, 1));
        var strange = good with { Epoch = 7 };
        BusMessage[] bad =
        [
            new("nonsense", new byte[] { 1, 2, 3 }),
            new(MessageKinds.Second, MessageBody.Write("x", good).Body),
            new(MessageKinds.Offer, Array.Empty<byte>()),
            new(MessageKinds.Offer, new byte[] { 255, 255, 255, 127, 1 }),
            new(MessageKinds.Offer, new byte[] { 255, 255, 255, 255, 1 }),
            new(MessageKinds.Offer, new byte[] { 4, 0, 0, 0, (byte)'n', (byte)'u', (byte)'l', (byte)'l' }),
            new(MessageKinds.Begin, "\u0002\0\0\0{}"u8.ToArray()),
            Of(strange with { Run = "../../etc" }),
            Of(strange with { Weights = [] }),
            Of(strange with { Weights = [1, 0] }),
            Of(strange with { Weights = [int.MaxValue, int.MaxValue] }),
            Of(strange with { Share = 1 }),
            Of(strange with { Share = -1 }),
            Of(strange with { From = TimeSpan.FromMilliseconds(-1) }),
            Of(strange with { Heartbeat = TimeSpan.Zero }),
            Of(strange with { Lease = TimeSpan.MaxValue }),
            Of(strange with { Files = [new("../x", SomeHash, 1)] }),
            Of(strange with { Files = [new("x", "../../x", 1)] }),
            Of(strange with { Files = [new("x", SomeHash, -1)] }),
            Of(strange with { Files = [new("x", SomeHash, 1), new("x", SomeHash, 1)] }),
        ];
        foreach (var message in bad)
            await place.Bus.SendAsync(MessageKinds.WorkerMailbox("a"), message, TestContext.Current.CancellationToken);
        await place.Coordinator.GiveAsync("a", good);
        await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal(bad.Length, place.Bus.DeadLetters.Count);
        Assert.Single(place.Coordinator.Readies, r => r.Problems.Count == 0);
        Assert.Contains(place.Coordinator.Readies, r => r.Problems is [var why] && why.Contains("'../x' would lie outside of the plan's folder", StringComparison.Ordinal));
        Assert.Equal(5, target.Count);
    }

    [Fact]
    public async Task Orders_that_make_no_sense_change_nothing()
    {
        await using var target = new CountingTarget();
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        var offer = place.Coordinator.Offer(Plans.Rate(target.Url, 10, 2));
        place.Coordinator.Changes.Add(new(TimeSpan.FromSeconds(1), "make it so"));
        await place.Coordinator.GiveAsync("a", offer);
        foreach (var body in (byte[][])[[], [1], [255, 255, 255, 255], [2, 0, 0, 0, (byte)'{', (byte)'}']])
            await place.Bus.TellAsync(MessageKinds.OrdersTopic(ScriptedCoordinator.Run), new(MessageKinds.Orders, body), TestContext.Current.CancellationToken);
        var ended = await Eventually.Get(() => place.Coordinator.Ends.FirstOrDefault());
        Assert.Equal((null, 20), (ended.Failure, target.Count));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_that_leaves_the_plans_folder_is_refused(string name) => Assert.False(OfferRules.StaysInside(name));

    [Theory]
    [InlineData("a")]
    [InlineData("data/users.csv")]
    [InlineData("./users.csv")]
    [InlineData("..a/b..c")]
    [InlineData("a b/ü.csv")]
    public void A_name_below_the_plans_folder_is_taken(string name) => Assert.True(OfferRules.StaysInside(name));

    [Fact]
    public async Task A_plan_reads_no_file_of_the_workers_machine()
    {
        await using var place = await WorkPlace.StartAsync();
        place.Start("a");
        var plan = Plans.Rate(new("http://127.0.0.1:9/"), 5, 1) + "data: [ { file: /etc/passwd } ]\nhttp: { ca: ../../../../../etc/ssl/cert.pem }\n";
        var ready = await place.Coordinator.GiveAsync("a", place.Coordinator.Offer(plan));
        Assert.Equal(["The plan names '/etc/passwd'", "The plan names '../../../../../etc/ssl/cert.pem'"], ready.Problems.Select(p => p.Split(',')[0]));
    }

    [Fact]
    public void No_name_that_is_taken_leads_outside() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Elements("..", ".", "a", "/", "\\", "b", "~", "", " ", "\0").ListOf().Select(parts => string.Concat(parts)).ToArbitrary(),
        name => !OfferRules.StaysInside(name) || Path.GetFullPath(Path.Combine("/plans/folder", name)).StartsWith("/plans/folder/", StringComparison.Ordinal)));

    private static BusMessage Of(ShareOffer offer) => MessageBody.Write(MessageKinds.Offer, offer);
}
