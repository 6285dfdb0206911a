using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Lists an engine's containers.</summary>
public static class DockerContainers
{
    /// <summary>Containers that are inspected at the same time.</summary>
    private const int Abreast = 8;

    /// <summary>Every container, running or not, by name. One that goes away in between is left out.</summary>
    /// <exception cref="DockerException">The engine can't be asked.</exception>
    public static async Task<IReadOnlyList<ContainerFacts>> ListAsync(DockerApi engine, CancellationToken stop)
    {
        var listed = await engine.ListAsync(null, stop);
        var facts = new ContainerFacts?[listed.Count];
        await Parallel.ForAsync(0, listed.Count, new ParallelOptions { MaxDegreeOfParallelism = Abreast, CancellationToken = stop }, async (i, ct) =>
        {
            if (await engine.InspectAsync(listed[i].Text("Id"), ct) is JsonObject inspected)
                facts[i] = ContainerFacts.From(inspected);
        });
        return [.. facts.OfType<ContainerFacts>().OrderBy(f => f.Name, StringComparer.Ordinal)];
    }
}
