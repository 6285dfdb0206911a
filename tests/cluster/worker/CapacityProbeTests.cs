namespace Pressure.Cluster.Tests;

public sealed class CapacityProbeTests
{
    [Fact]
    public async Task A_machine_makes_requests_against_itself() => Assert.True(await CapacityProbe.MeasureAsync(TimeProvider.System, TestContext.Current.CancellationToken) > 100);

    [Fact]
    public async Task Who_stops_it_gets_no_figure() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CapacityProbe.MeasureAsync(TimeProvider.System, new CancellationToken(canceled: true)));
}
