using Pressure.TestKit;

namespace Pressure.Cluster.Tests.Bus;

[Collection(nameof(RabbitCollection))]
public sealed class RabbitBusTests(SharedRabbit rabbit) : BusSentences
{
    protected override async Task<IBus> BusAsync() => await rabbit.BusAsync();
}

/// <summary>Tests that share a broker.</summary>
[CollectionDefinition(nameof(RabbitCollection))]
public sealed class RabbitCollection : ICollectionFixture<SharedRabbit>;

/// <summary>A broker for many tests, each with names of its own at it.</summary>
public sealed class SharedRabbit : IAsyncLifetime
{
    private int _prefixes;

    public RabbitMqServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RabbitMqServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>A prefix that no other test has.</summary>
    public string NewPrefix() => $"test{Interlocked.Increment(ref _prefixes)}.";

    public Task<RabbitBus> BusAsync(RabbitBusOptions? options = null) =>
        RabbitBus.ConnectAsync(BrokerAddress.Parse(Server.Address).Address!, "test", options ?? new RabbitBusOptions { Prefix = NewPrefix() });
}
