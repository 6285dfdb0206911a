using System.Text.Json;

namespace Pressure.Agent.Tests.Capture;

public sealed class CaptureTermsTests
{
    private static readonly CapturePermission Web = CapturePermission.Parse("443,80,80")!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("any", "any")]
    [InlineData("443, 80,80", "80,443")]
    [InlineData("", null)]
    [InlineData("0", null)]
    [InlineData("80,", null)]
    [InlineData("65536", null)]
    [InlineData("all", null)]
    public void A_permission_names_ports_or_all(string text, string? read) => Assert.Equal(read, CapturePermission.Parse(text)?.ToString());

    [Fact]
    public void Without_ports_those_that_are_allowed_are_looked_at_and_no_others()
    {
        var terms = CaptureTerms.Of(new(), Web, out _)!;
        Assert.Equal([80, 443], terms.Live.Filter.Ports);
        Assert.Equal([80, 443], terms.Pipeline.Asked.Ports);
        Assert.Equal([443], CaptureTerms.Of(new() { Ports = [443] }, Web, out _)!.Pipeline.Asked.Ports);
        Assert.Null(CaptureTerms.Of(new() { Ports = [443, 22] }, Web, out var problems));
        Assert.Contains("not 22", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void The_usual_masks_hold_whatever_is_asked_for()
    {
        Assert.True(CaptureTerms.Of(new() { Masks = ["header:X-Mine"] }, Web, out _)!.Masks is { Secrets: true, Kept.Count: 0, Names.Count: 1 });
        Assert.Contains(CaptureTerms.Of(new(), Web, out _)!.Masks.InWords, w => w.Contains("Authorization", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("port 22) or (tcp")]
    [InlineData("((port 22)")]
    public void A_condition_cannot_get_around_the_ports(string filter)
    {
        Assert.Null(CaptureTerms.Of(new() { Filter = filter }, Web, out var problems));
        Assert.Contains("parentheses", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var ask = new CaptureAsk { Cpu = 3, Share = 0, Lease = double.NaN, WaitingBytes = 1, BodyLimit = int.MaxValue, Bodies = "some", Masks = ["regex:("], Servers = ["nowhere"], Ports = [0] };
        Assert.Null(CaptureTerms.Of(ask, Web, out var problems));
        Assert.InRange(problems.Count, 9, 11);
    }

    [Fact]
    public async Task What_is_not_known_is_refused_and_without_permission_everything_is()
    {
        using var captures = new AgentCaptures(Web, TimeProvider.System);
        Assert.Contains("sniff", await ErrorAsync(captures, "capture.start", """{"sniff": true}"""), StringComparison.Ordinal);
        Assert.Contains("can't understand", await ErrorAsync(captures, "capture.read", """[1]"""), StringComparison.Ordinal);
        foreach (var command in CaptureCommands.All(null))
            Assert.Contains("--allow-capture", (await command.RunAsync(null, Stop)).Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_capture_that_nobody_asks_for_any_more_ends_by_itself_and_another_may_begin()
    {
        using var captures = new AgentCaptures(Web, TimeProvider.System);
        var begun = captures.Start(new() { Interface = "lo", Lease = 1 });
        Assert.Throws<CaptureRefusedException>(() => captures.Start(new() { Interface = "lo" }));
        while (captures.Status().Capture is not null)
            await Task.Delay(50, Stop);
        captures.Start(new() { Interface = "lo" });
        Assert.Null((await captures.ReadAsync(new() { Capture = begun.Capture! }, Stop)).Capture);
    }

    private static async Task<string?> ErrorAsync(AgentCaptures captures, string name, string body) =>
        (await CaptureCommands.All(captures).Single(c => c.Name == name).RunAsync(JsonDocument.Parse(body).RootElement, Stop)).Error;
}
