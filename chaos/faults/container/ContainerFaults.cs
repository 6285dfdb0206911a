namespace Pressure.Faults;

/// <summary>Faults of containers and pods.</summary>
internal static class ContainerFaults
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IFault> All(FaultTools tools)
    {
        var strike = new ContainerStrike(new DockerApi(tools.DockerSocket), tools.Time);
        KubernetesApi? cluster = null;
        return
        [
            new ContainerKill(strike),
            new ContainerCrash(strike),
            new ContainerStop(strike),
            new ContainerRestart(strike),
            new ContainerPause(strike),
            new ContainerRemove(strike),
            new NetworkDisconnect(strike),
            new PodDelete(() => cluster ??= new KubernetesApi(KubernetesAccess.Find()), tools.Time),
        ];
    }
}
