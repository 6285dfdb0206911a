using System.Text.Json.Nodes;
using Pressure.Chaos;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class ChaosCompanionTests
{
    private readonly FakeTime _time = new();
    private readonly List<(string Title, TimeSpan At)> _ran = [];

    [Fact(Timeout = 30_000)]
    public async Task Each_experiment_begins_at_its_moment()
    {
        using var stop = new CancellationTokenSource();
        var run = new Accompanied(_time);
        var going = Companion(("second", 9), ("first", 2)).GoAlongAsync(run, stop.Token);
        Turn(going, 20);
        await stop.CancelAsync();
        await going;

        Assert.Equal([("first", 2), ("second", 9)], _ran.Select(r => (r.Title, r.At.TotalSeconds)));
    }

    [Fact(Timeout = 30_000)]
    public async Task One_whose_moment_never_came_does_not_run()
    {
        using var stop = new CancellationTokenSource();
        var going = Companion(("first", 2), ("late", 60)).GoAlongAsync(new Accompanied(_time), stop.Token);
        Turn(going, 20);
        await stop.CancelAsync();
        await going;

        Assert.Equal("first", Assert.Single(_ran).Title);
    }

    private void Turn(Task going, int seconds)
    {
        for (var i = 0; i < seconds && !going.IsCompleted; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
    }

    private ChaosCompanion Companion(params (string Title, double At)[] experiments) =>
        new([.. experiments.Select(e => new TimedExperiment(new() { Title = e.Title, Method = [], Document = [] }, TimeSpan.FromSeconds(e.At)))], (_, _) => Task.FromResult<ChaosWorld>(null!), "test", _time)
        {
            Runner = (_, experiment, _, _) =>
            {
                lock (_ran)
                    _ran.Add((experiment.Title, _time.GetElapsedTime(0)));
                return Task.FromResult(new ExperimentOutcome("1", ExperimentStatus.Completed, false, new JsonObject(), []));
            },
        };

    private sealed class Accompanied(TimeProvider time) : IAccompaniedRun, IRunMetrics
    {
        public RunClock Clock { get; } = new(time);

        public string? Folder => null;

        public RunManifest Manifest => throw new NotSupportedException();

        public IRunMetrics Metrics => this;

        public void Tell(TimelineEvent what)
        {
        }

        public double? Value(string metric, string aggregation, TimeSpan over) => null;
    }
}
