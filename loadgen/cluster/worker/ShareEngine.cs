using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Makes a share to its end, as <see cref="LoadEngine.RunAsync"/> does, and tells how far it came.</summary>
internal delegate Task<LoadEnding> ShareEngine(EngineJob job, RunClock clock, Action<EngineSecond> onSecond, CancellationToken stop);
