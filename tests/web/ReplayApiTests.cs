using System.Net;
using System.Text;
using Pressure.TestKit;
using Pressure.TrafficCopy;

namespace Pressure.Web.Tests;

/// <summary>Plans that replay captures, over the API: from one folder of the service, or not at all.</summary>
public sealed class ReplayApiTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly TempFolder _captures = new();

    public void Dispose()
    {
        _temp.Dispose();
        _captures.Dispose();
    }

    [Fact]
    public async Task A_capture_of_the_services_folder_is_replayed()
    {
        WriteCapture("shop.capture");
        await using var service = await RunningService.StartWithCapturesAsync(_temp, _captures.Path);
        // Some server that is allowed: itself.
        var answer = await service.SendPlanAsync("/api/runs", Plan(service.Url, "shop.capture"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (await RunningService.JsonOf(answer)).GetProperty("id").GetString()!;
        await service.FollowToEndAsync(id);

        var summary = await service.GetJsonAsync($"/api/runs/{id}/files/summary.json");
        Assert.Equal(20, summary.GetProperty("requests").GetProperty("sent").GetInt32());
        Assert.Equal(20, summary.GetProperty("replay").GetProperty("planned").GetInt32());
    }

    [Theory]
    [InlineData("none.capture", "there is no file")]
    [InlineData("../shop.capture", "is a path")]
    [InlineData("/etc/hostname", "is a path")]
    public async Task Nothing_else_of_this_machine_is_read(string capture, string why)
    {
        await using var service = await RunningService.StartWithCapturesAsync(_temp, _captures.Path);
        var answer = await service.SendPlanAsync("/api/runs", Plan(service.Url, capture));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(why, await answer.TextAsync());
    }

    [Fact]
    public async Task Without_a_folder_no_capture_is_replayed()
    {
        await using var service = await RunningService.StartAsync(_temp);
        var answer = await service.SendPlanAsync("/api/runs", Plan(service.Url, "shop.capture"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("captures can't be read here", (await answer.TextAsync()).Replace("\\u0027", "'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replay_has_no_request_to_try()
    {
        await using var service = await RunningService.StartWithCapturesAsync(_temp, _captures.Path);
        var answer = await service.SendPlanAsync("/api/try", Plan(service.Url, "shop.capture"));
        Assert.Contains("no requests of its own", await answer.TextAsync());
    }

    private static string Plan(string target, string capture) => $"{{ name: again, target: '{target}', load: {{ replay: {{ capture: '{capture}' }} }} }}";

    private void WriteCapture(string name)
    {
        using var writer = new CaptureWriter(_captures.File(name));
        for (var i = 0; i < 20; i++)
        {
            var at = 1_767_225_600_000_000_000 + i * 20_000_000;
            writer.Take(new()
            {
                Connection = i % 3 + 1,
                Order = i / 3,
                At = at,
                RequestEnd = at,
                Client = new(IPAddress.Loopback, 40_000),
                Server = new(IPAddress.Loopback, 80),
                Request = new(Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: x\r\n"), default, 0),
            });
        }

        writer.Complete();
    }
}
