namespace Pressure.Cluster.Tests.Bus;

public sealed class InProcessBusTests : BusSentences
{
    protected override Task<IBus> BusAsync() => Task.FromResult<IBus>(new InProcessBus());
}
