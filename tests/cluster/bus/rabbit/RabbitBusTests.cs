namespace Pressure.Cluster.Tests.Bus;

[Collection(nameof(RabbitCollection))]
public sealed class RabbitBusTests(SharedRabbit rabbit) : BusSentences
{
    protected override async Task<IBus> BusAsync() => await rabbit.BusAsync();
}
