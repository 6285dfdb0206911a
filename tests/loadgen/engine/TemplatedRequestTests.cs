using System.Collections.Concurrent;
using System.Text;
using Pressure.LoadGen.Engine;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public sealed class TemplatedRequestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_iteration_sends_its_own_row()
    {
        var heads = new ConcurrentBag<string>();
        await using var server = Recording(heads);
        var plan = Read(server.Url, "rate: 40/s, duration: 1s", "get: '/{{id}}?n={{iteration}}' }, { post: '/x{{name}}', body: '{{name}}{{name}}'");

        var run = await EngineRun.Of(plan);

        Assert.Equal([20L, 20L], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"GET /{n % 3 + 1}?n={n} HTTP/1.1").Order(), heads.Where(h => h.StartsWith("GET", StringComparison.Ordinal)).Select(FirstLine).Order());
        Assert.Equal(["POST /xa HTTP/1.1 2", "POST /x%E5%95%86 HTTP/1.1 6", "POST /xb%0D%0AX%3A%20y HTTP/1.1 14"], heads.Where(h => h.StartsWith("POST", StringComparison.Ordinal)).Select(h => $"{FirstLine(h)} {Length(h)}").Distinct().OrderBy(h => h.Length));
    }

    [Fact]
    public void A_request_has_the_length_that_its_body_comes_to_have()
    {
        var plan = Read(new("http://127.0.0.1:5080"), "rate: 1/s", "post: /, headers: { A: '{{name}}' }, json: { id: '{{number:id}}', name: 'x{{name}}' }");
        var prepared = new PreparedRequest(plan.Requests[0], 0, 0, plan.Http, "run-1");
        var scope = new IterationScope(() => DateTimeOffset.UnixEpoch);
        var buffer = new ByteBuffer();

        foreach (var (number, name, header) in new[] { (1, "b\\u000D\\u000AX: y", "bX: y"), (0, "a", "a"), (2, "商", "%E5%95%86") })
        {
            scope.Begin(number);
            prepared.Render(scope, new TraceId(1, 2, 3), buffer);

            var body = $"{{\"id\":{number + 1},\"name\":\"x{name}\"}}";
            Assert.EndsWith($"\r\ntraceparent: 00-00000000000000010000000000000002-0000000000000003-01\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}", Encoding.UTF8.GetString(buffer.Written));
            Assert.Contains($"\r\nA: {header}\r\n", Encoding.UTF8.GetString(buffer.Written));
        }
    }

    [Fact]
    public async Task A_request_tried_once_has_the_first_row()
    {
        var heads = new ConcurrentBag<string>();
        await using var server = Recording(heads);
        var plan = Read(server.Url, "rate: 1/s", "post: '/{{id}}', body: '{{name}}'");

        await SingleRequest.TryAsync(plan.Requests[0], plan.Http, "run-1", TestContext.Current.CancellationToken);

        Assert.Equal(("POST /1 HTTP/1.1", "1"), (FirstLine(heads.Single()), Length(heads.Single())));
    }

    [Fact]
    public async Task Iterations_beyond_the_last_unique_row_are_counted_as_not_sent()
    {
        await using var server = RawServer.Answering();
        var plan = Read(server.Url, "rate: 3/s, duration: 1s", "get: '/{{id}}'", "unique") with { Duration = TimeSpan.FromSeconds(2) };

        var run = await EngineRun.Of(plan);

        Assert.Equal((6L, 3L, 3L), (run.Only.Asked, run.Only.Ok, run.Only.NotSent));
        Assert.Equal(3, run.Total.IterationsDropped);
    }

    private static RawServer Recording(ConcurrentBag<string> heads) => new(async c =>
    {
        while (await c.ReadRequestAsync() is { } head)
        {
            heads.Add(head);
            await c.WriteAsync(RawServer.Ok);
        }
    });

    private static string FirstLine(string head) => head[..head.IndexOf('\r', StringComparison.Ordinal)];

    private static string Length(string head) => head.Split("\r\n").Single(l => l.StartsWith("Content-Length", StringComparison.Ordinal))[16..];

    private LoadPlan Read(Uri target, string load, string step, string pick = "inOrder")
    {
        File.WriteAllText(_folder.File("t.csv"), "id,name\n1,a\n2,\"b\r\nX: y\"\n3,商\n");
        File.WriteAllText(_folder.File("plan.yaml"), Plans.With(load, step, $"data: [ {{ file: t.csv, pick: {pick} }} ]").Replace("http://127.0.0.1:5080", target.GetLeftPart(UriPartial.Authority)));
        return Plans.ReadFile(_folder.File("plan.yaml"));
    }
}
