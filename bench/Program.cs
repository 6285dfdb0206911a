using Pressure.Bench;
using Pressure.LoadGen;
using Pressure.Record;

// Presses one URL, or a plan's scenarios, and prints what the engine did, one line of key=value: for comparing with other generators
// in the same run.
if (args is ["hold", var delay])
{
    await HoldServer.RunAsync(TimeSpan.FromSeconds(double.Parse(delay)));
    return 0;
}

if (args is ["gc", var collector, var rounds, var of])
    return await GcListening.RunAsync(collector, int.Parse(rounds), int.Parse(of));

if (args is ["replay", var url, var replayRate, var replaySeconds, var clients, var each, var loops])
{
    await ReplayBench.RunAsync(new Uri(url), replayRate, TimeSpan.FromSeconds(int.Parse(replaySeconds)), int.Parse(clients), int.Parse(each), int.Parse(loops));
    return 0;
}

if (args is ["capture", var file, var captureRate, var captureSeconds, var atATime, var ofEach])
{
    MadeUpCapture.Write(file, double.Parse(captureRate), int.Parse(captureSeconds), int.Parse(atATime), int.Parse(ofEach));
    return 0;
}

if (args is not [var what, var rate, var seconds, var connections, var lanes])
{
    Console.Error.WriteLine("usage: Pressure.Bench URL|PLAN.yaml RATE|max SECONDS CONNECTIONS LANES\n       Pressure.Bench hold SECONDS\n       Pressure.Bench gc COLLECTOR.dll ROUNDS SECONDS\n       Pressure.Bench replay URL RATE|max SECONDS CLIENTS EACH LANES\n       Pressure.Bench capture FILE RATE SECONDS CLIENTS EACH");
    return 2;
}

var length = TimeSpan.FromSeconds(int.Parse(seconds));
var places = int.Parse(connections);
if (PlanOf(what) is not { } given)
    return 2;
var plan = given with
{
    Duration = length,
    // As fast as the target answers is what the others do: a closed loop with one user on each connection.
    Load = rate == "max"
        ? new Load.Users([new UserStage(places, places, length)])
        : new Load.Constant(new Rate(decimal.Parse(rate), TimeSpan.FromSeconds(1))),
    // The certificate is one that the script has just made.
    Http = given.Http with { MaxConnections = places, Insecure = true },
};
var clock = new RunClock(TimeProvider.System, TimeSpan.FromMilliseconds(500));
var total = new Interval(0, 0, plan.Scenarios.Sum(s => s.Steps.Count));
var warm = new Interval(0, 0, plan.Scenarios.Sum(s => s.Steps.Count));
var busiest = 0.0;
var allocated = 0L;
var memory = default(MemoryOfNow);
await new LoadEngine(new EngineJob(Workload.Of(plan), "bench", int.Parse(lanes)), clock).RunAsync(
    second =>
    {
        total.Add(second.Interval);
        // The first two seconds compile the code.
        if (second.Interval.Second == 1)
            allocated = GC.GetTotalAllocatedBytes();
        // The load is over, its connections are still open.
        if (second.Interval.Second == (int)length.TotalSeconds - 1)
            memory = MemoryOfNow.Measure(second.Interval.OpenConnections);
        if (second.Interval.Second < 2 || second.Interval.Second >= length.TotalSeconds)
            return;
        warm.Add(second.Interval);
        busiest = Math.Max(busiest, second.BusiestLane);
    },
    CancellationToken.None);

allocated = GC.GetTotalAllocatedBytes() - allocated;
var sent = total.Requests.Sum(r => r.Sent);
var ok = warm.Requests.Sum(r => r.Ok);
var cpu = Environment.CpuUsage.TotalTime.TotalMicroseconds;
Console.WriteLine(
    $"asked={total.Requests.Sum(r => r.Asked)} sent={sent} ok={total.Requests.Sum(r => r.Ok)} failed={total.Requests.Sum(r => r.Failed)} "
    + $"perSecond={ok / (length.TotalSeconds - 2):0} cpuMicrosPerRequest={cpu / sent:0.00} busiestLane={busiest:0.00} "
    + $"late50us={warm.Lateness.Percentile(50).TotalMicroseconds:0} late99us={warm.Lateness.Percentile(99).TotalMicroseconds:0} "
    + $"allocatedBytesPerRequest={allocated / Math.Max(1.0, ok):0.00} gen0={GC.CollectionCount(0)} "
    + $"open={memory.Connections} heapBytes={memory.Heap} anonymousBytes={memory.Anonymous} errors={string.Join(',', total.Requests.SelectMany(r => r.Errors()))}");
return 0;

LoadPlan? PlanOf(string urlOrFile)
{
    if (!urlOrFile.EndsWith(".yaml", StringComparison.Ordinal))
    {
        var target = new Uri(urlOrFile);
        return new LoadPlan
        {
            Name = "bench",
            Target = target,
            Duration = length,
            Load = new Load.Constant(new Rate(1, TimeSpan.FromSeconds(1))),
            Scenarios = [new Scenario("bench", 1, [new Step.Request { Name = "get", Method = "GET", Url = target, Service = target.Authority }])],
        };
    }

    var read = PlanReader.ReadFile(urlOrFile);
    foreach (var problem in read.Problems)
        Console.Error.WriteLine(problem);
    return read.Plan;
}
