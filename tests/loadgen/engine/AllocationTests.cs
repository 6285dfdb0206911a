using Pressure.LoadGen.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public class AllocationTests
{
    private const string Hello = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

    [Fact]
    public async Task A_lane_allocates_nothing_per_request_once_it_is_warm()
    {
        await using var server = RawServer.Answering(Hello);
        var request = EngineRun.Get(server.Url) with { Checks = [new Check.Status([(200, 200)]), new Check.BodyContains("hell")] };
        MeasureWarm(EngineRun.Plan(2000, 6, request, new Step.Think(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)), request with { Name = "second" }));
    }

    [Fact]
    public async Task Nor_does_it_with_templates()
    {
        await using var server = RawServer.Answering(Hello);
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("t.csv"), "id,name\n1,红茶\n2,\"a \"\"b\"\"\"\n");
        File.WriteAllText(folder.File("plan.yaml"), $$$"""
            name: test
            target: {{{server.Url}}}
            load: { rate: 2000/s, duration: 6s }
            data: [ { file: t.csv, pick: random } ]
            scenarios:
              - steps:
                  - get: /{{id}}?q={{name}}
                    headers: { A: "{{uuid}} {{now}}" }
                  - think: 0ms..20ms
                  - post: /
                    json: { id: "{{number:id}}", name: "{{name}}", hash: "{{hash:sha256:name}}", n: "{{random:1..9}}" }
            """);
        MeasureWarm(Plans.ReadFile(folder.File("plan.yaml")));
    }

    private static void MeasureWarm(LoadPlan plan)
    {
        var sink = new MeasuringSink(plan.Requests.Count);
        var job = new EngineJob(Workload.Of(plan), "run-1", 1);
        using var lane = new Lane(job, Origin.Of(plan), new LaneShare(0, 1, 100), sink, new RunClock(TimeProvider.System));

        var thread = new Thread(() => lane.Run(CancellationToken.None));
        thread.Start();
        thread.Join();

        // Connections come and histograms grow with the first seconds' worst times, so the quietest second is the steady state.
        var (bytes, requests) = sink.PerSecond.Skip(2).MinBy(s => s.Bytes);
        Assert.True(requests > 1000, $"{requests} requests in the second");
        Assert.True(bytes < 1000, $"{bytes} bytes in a second of {requests} requests");
    }

    /// <summary>Called on the lane's thread, so it sees what that thread alone has allocated.</summary>
    private sealed class MeasuringSink(int requestCount) : ISecondSink
    {
        private readonly LaneSecond[] _spare = [new(requestCount), new(requestCount)];
        private int _next;
        private long _before;

        public List<(long Bytes, long Requests)> PerSecond { get; } = new(100);

        public LaneSecond Exchange(int lane, LaneSecond closed)
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            PerSecond.Add((now - _before, closed.Counts.Requests[0].Ok + closed.Counts.Requests[1].Ok));
            closed.Counts.Clear();
            _spare[_next ^ 1] = closed;
            _before = GC.GetAllocatedBytesForCurrentThread();
            var spare = _spare[_next];
            _next ^= 1;
            return spare;
        }
    }
}
