using Pressure.Cluster;
using Pressure.Web.Workers;

namespace Pressure.Web.Api;

/// <summary>The workers that this service reaches.</summary>
/// <param name="Broker">Whether it has a broker; without one it reaches none.</param>
/// <param name="Workers">Those that are there now, by name.</param>
internal sealed record WorkersView(bool Broker, IReadOnlyList<WorkerView> Workers)
{
    public static WorkersView Of(IWorkerDirectory directory) => new(directory.HasBroker, directory.HasBroker ? [.. directory.Workers.OrderBy(w => w.Name, StringComparer.Ordinal).Select(WorkerView.Of)] : []);
}

/// <summary>A worker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">Its region; empty without one.</param>
/// <param name="Labels">Other labels.</param>
/// <param name="Version">Its version of Pressure.</param>
/// <param name="Capacity">Requests per second that it measured itself to be capable of; 0 if it did not.</param>
/// <param name="Cores">Cores that it sees.</param>
/// <param name="Run">The run that it works for; null while it is free.</param>
internal sealed record WorkerView(string Name, string Region, IReadOnlyDictionary<string, string> Labels, string Version, double Capacity, int Cores, string? Run)
{
    public static WorkerView Of(WorkerCard card) => new(card.Name, card.Region, card.Labels, card.Version, card.Capacity, card.Cores, card.Run);
}
