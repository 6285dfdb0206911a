using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>A node whose machine is gone: nothing is refused, connections just do not come.</summary>
[Collection(PostgresCollection.Name)]
public sealed class UnreachableNodeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().BuildServiceProvider();
    private SharedState _state = null!;
    private Forwarding _forwarding = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new WebOptions("http://127.0.0.1:0", _folder.Path, []) { ChaosFolder = _folder.File("state"), Node = new NodeOptions(await postgres.NewAsync()) };
        _state = await SharedState.OpenAsync(options, TimeProvider.System, Stop);
        await _state.Database.DoAsync(
            connection => connection.ExecuteAsync(
                """
                INSERT INTO node (id, incarnation, address, version, lease_until) VALUES ('gone', @incarnation, 'http://127.0.0.1:1', '0', clock_timestamp() + interval '1 day');
                INSERT INTO run (id, node, incarnation) VALUES ('run-1', 'gone', @incarnation)
                """,
                new { incarnation = Guid.NewGuid() }),
            Stop);
        await _state.Runs.LearnAsync(Stop);
        await _state.Nodes.JoinAsync("http://127.0.0.1:2", stop: Stop);
        Assert.NotNull(_state.Runs.WriterOf("run-1"));
        _forwarding = new Forwarding(_state, new NodeAgents(_state, null, new HttpContextAccessor(), TimeProvider.System), new TooSlow());
    }

    public async ValueTask DisposeAsync()
    {
        _forwarding.Dispose();
        await _state.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_asked_of_it_is_answered_from_here()
    {
        var (answered, _) = await AskAsync("GET");
        Assert.True(answered);
    }

    [Fact]
    public async Task What_it_should_do_is_told_to_be_impossible()
    {
        var (answered, context) = await AskAsync("POST");
        Assert.Equal((false, StatusCodes.Status502BadGateway), (answered, context.Response.StatusCode));
    }

    private async Task<(bool Answered, HttpContext Context)> AskAsync(string method)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        (context.Request.Method, context.Request.Path) = (method, "/api/runs/run-1/stop");
        var answered = false;
        await _forwarding.InvokeAsync(context, _ =>
        {
            answered = true;
            return Task.CompletedTask;
        });
        return (answered, context);
    }

    private sealed class TooSlow : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new TaskCanceledException("A connection could not be established within the configured ConnectTimeout."));
    }
}
