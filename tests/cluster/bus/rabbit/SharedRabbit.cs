using Pressure.TestKit;

namespace Pressure.Cluster.Tests.Bus;

/// <summary>Tests that share a broker.</summary>
[CollectionDefinition(nameof(RabbitCollection))]
public sealed class RabbitCollection : ICollectionFixture<SharedRabbit>;

/// <summary>A broker for many tests, each with names of its own at it. Its certificate is for broker.example.</summary>
public sealed class SharedRabbit : IAsyncLifetime
{
    private int _prefixes;

    public RabbitMqServer Server { get; private set; } = null!;

    public BrokerCertificates Certificates { get; } = new();

    public BrokerAddress Address => BrokerAddress.Parse(Server.Address).Address!;

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = Certificates.Sign("broker", withLoopback: false, "broker.example");
        Server = await RabbitMqServer.StartAsync((certificate, key, Certificates.Authority));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Certificates.Dispose();
    }

    /// <summary>Options with a prefix that no other test has.</summary>
    public RabbitBusOptions Own() => new() { Prefix = $"test{Interlocked.Increment(ref _prefixes)}." };

    public Task<RabbitBus> BusAsync(RabbitBusOptions? options = null, Action<BusNotice>? noticed = null) => RabbitBus.ConnectAsync(Address, "test", options ?? Own(), noticed);
}
