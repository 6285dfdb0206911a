using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>What an engine needs to run one share of a workload.</summary>
/// <param name="Workload">The workload, whole.</param>
/// <param name="RunId">Goes into <c>X-Pressure-Run</c> and <c>baggage</c> of every request.</param>
/// <param name="Lanes">Event loops; iteration n belongs to lane n modulo lanes.</param>
public sealed record EngineJob(Workload Workload, string RunId, int Lanes);

/// <summary>A closed second, merged over all lanes, and how busy (0 to 1) the busiest of them was.</summary>
public readonly record struct EngineSecond(Interval Interval, double BusiestLane);

/// <summary>
/// Runs a workload: a number of lanes (event loops), each with its own connections, histograms and timer.
/// Sends at intended starts, whatever the answers do (open model).
/// </summary>
/// <remarks>
/// After the schedule's end, iterations under way may finish within the request timeout. A graceful stop behaves like the schedule's end, but
/// gives answers 1 s. What is then still under way counts as <see cref="RequestError.Stopped"/>, further steps as not sent.
/// </remarks>
public sealed class LoadEngine
{
    /// <summary>Prepares a run: encodes requests, resolves nothing yet.</summary>
    public LoadEngine(EngineJob job, RunClock clock) => throw new NotImplementedException();

    /// <summary>
    /// Runs to the end. <paramref name="onSecond"/> is called from one thread, once per second in order, never at the same time as itself;
    /// the interval is the receiver's to keep.
    /// </summary>
    /// <param name="onSecond">Receives closed seconds.</param>
    /// <param name="stop">Ends the load early; returns within 2 s.</param>
    public Task RunAsync(Action<EngineSecond> onSecond, CancellationToken stop) => throw new NotImplementedException();
}
