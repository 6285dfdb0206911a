using Pressure.LoadGen.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>
/// Nothing else may run meanwhile: as long as other tests have code compiled for the first time, that of the lane is not compiled for speed, and
/// until then it boxes here and there.
/// </summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    // A busy machine takes its time to compile the lane; the run ends with the first quiet second.
    private const int LongestSeconds = 60;
    private const int LeastRequests = 1000;
    private const int FewBytes = 1000;
    private const string Hello = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

    [Fact]
    public async Task A_lane_allocates_nothing_per_request_once_it_is_warm()
    {
        await using var server = RawServer.Answering(Hello);
        var request = EngineRun.Get(server.Url) with { Checks = [new Check.Status([(200, 200)]), new Check.BodyContains("hell")] };
        MeasureWarm(EngineRun.Plan(2000, LongestSeconds, request, new Step.Think(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)), request with { Name = "second" }));
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
            load: { rate: 2000/s, duration: {{{LongestSeconds}}}s }
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
        using var found = new CancellationTokenSource();
        var sink = new MeasuringSink(plan.Requests.Count, found);
        var job = new EngineJob(Workload.Of(plan), "run-1", 1);
        using var lane = new Lane(job, Origin.Of(plan), new LaneShare(0, 1, 100), sink, new RunClock(TimeProvider.System));

        var thread = new Thread(() => lane.Run(found.Token));
        thread.Start();
        thread.Join();

        var (bytes, requests) = sink.PerSecond.Where(s => s.Requests > LeastRequests).MinBy(s => s.Bytes);
        Assert.True(bytes < FewBytes, $"{bytes} bytes in a second of {requests} requests");
        Assert.True(requests > 0, "no second had enough requests");
    }

    /// <summary>Called on the lane's thread, so it sees what that thread alone has allocated.</summary>
    private sealed class MeasuringSink(int requestCount, CancellationTokenSource found) : ISecondSink
    {
        private readonly LaneSecond[] _spare = [new(requestCount), new(requestCount)];
        private int _next;
        private long _before;

        public List<(long Bytes, long Requests)> PerSecond { get; } = new(100);

        public LaneSecond Exchange(int lane, LaneSecond closed)
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            var (bytes, requests) = (now - _before, closed.Counts.Requests[0].Ok + closed.Counts.Requests[1].Ok);
            // Connections come and histograms grow with the first seconds' worst times.
            if (closed.Second >= 2)
                PerSecond.Add((bytes, requests));
            if (closed.Second >= 2 && bytes < FewBytes && requests > LeastRequests)
                found.Cancel();
            closed.Counts.Clear();
            _spare[_next ^ 1] = closed;
            _before = GC.GetAllocatedBytesForCurrentThread();
            var spare = _spare[_next];
            _next ^= 1;
            return spare;
        }
    }
}
