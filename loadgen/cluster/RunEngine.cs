using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Runs a job to its end, as <see cref="LoadEngine.RunAsync"/> does: hands closed seconds on in order, ends early when told to.</summary>
internal delegate Task RunEngine(EngineJob job, RunClock clock, Action<EngineSecond> onSecond, CancellationToken stop);
