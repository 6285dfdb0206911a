using Pressure.Record;

namespace Pressure.Bench.Cluster;

/// <summary>Seconds as busy workers would tell them: every request of the plan is sent in each of them, with times spread as a service's are.</summary>
internal sealed class MadeUpSeconds(int seed, int requests, int timesEach)
{
    private readonly Random _random = new(seed);

    /// <summary>One second of a share.</summary>
    public Interval Make(int share, int second)
    {
        var interval = new Interval(share, second, requests) { IterationsStarted = timesEach, IterationsEnded = timesEach, OpenConnections = requests, InFlight = timesEach };
        for (var i = 0; i < requests; i++)
        {
            var request = interval.Requests[i];
            request.Asked = request.Sent = request.Ok = timesEach;
            request.BytesSent = 200 * timesEach;
            request.BytesReceived = 4_000 * timesEach;
            request.CountStatus(200, timesEach);
            for (var n = 0; n < timesEach; n++)
                Record(interval, request, median: 5 + i % 20);
        }
        return interval;
    }

    // Half of the times lie between two thirds of the median and one and a half of it, one in a thousand beyond six times.
    private void Record(Interval interval, RequestInterval request, double median)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        var service = TimeSpan.FromMilliseconds(median * Math.Exp(0.6 * normal));
        var late = TimeSpan.FromMicroseconds(20 + _random.Next(200));
        interval.Lateness.Record(late);
        request.ResponseTime.Record(service + late);
        request.ServiceTime.Record(service);
        request.Phases.Record(RequestPhase.Waiting, service);
    }
}
