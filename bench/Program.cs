using System.Diagnostics;
using Pressure.LoadGen;
using Pressure.Record;

// Presses one URL and prints what the engine did, one line of key=value: for comparing with other generators in the same run.
if (args is not [var url, var rate, var seconds, var connections, var lanes, ..])
{
    Console.Error.WriteLine("usage: Pressure.Bench URL RATE SECONDS CONNECTIONS LANES");
    return 2;
}

var target = new Uri(url);
var plan = new LoadPlan
{
    Name = "bench",
    Target = target,
    Duration = TimeSpan.FromSeconds(int.Parse(seconds)),
    Load = new Load.Constant(new Rate(decimal.Parse(rate), TimeSpan.FromSeconds(1))),
    Scenarios = [new Scenario("bench", 1, [new Step.Request { Name = "get", Method = "GET", Url = target, Service = target.Authority }])],
    // The certificate is one that the script has just made.
    Http = new HttpOptions { MaxConnections = int.Parse(connections), Insecure = true },
};
var clock = new RunClock(TimeProvider.System, TimeSpan.FromMilliseconds(args.Length > 5 ? 0 : 500));
var total = new Interval(0, 0, 1);
var warm = new Interval(0, 0, 1);
var busiest = 0.0;
await new LoadEngine(new EngineJob(Workload.Of(plan), "bench", int.Parse(lanes)), clock).RunAsync(
    second =>
    {
        total.Add(second.Interval);
        // The first two seconds compile the code.
        if (second.Interval.Second >= 2 && second.Interval.Second < int.Parse(seconds))
        {
            warm.Add(second.Interval);
            busiest = Math.Max(busiest, second.BusiestLane);
        }
    },
    CancellationToken.None);

var all = total.Requests[0];
var steady = warm.Requests[0];
var cpu = Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
Console.WriteLine(
    $"asked={all.Asked} sent={all.Sent} notSent={all.NotSent} ok={all.Ok} failed={all.Failed} "
    + $"perSecond={steady.Ok / (double.Parse(seconds) - 2):0} cpuMicrosPerRequest={cpu * 1e6 / all.Sent:0.0} busiestLane={busiest:0.00} "
    + $"late50us={warm.Lateness.Percentile(50).TotalMicroseconds:0} late99us={warm.Lateness.Percentile(99).TotalMicroseconds:0} "
    + $"firstSecondsLate99us={total.Lateness.Percentile(99).TotalMicroseconds:0} service50us={steady.ServiceTime.Percentile(50).TotalMicroseconds:0} "
    + $"gen0={GC.CollectionCount(0)} errors={string.Join(',', all.Errors())}");
return 0;
