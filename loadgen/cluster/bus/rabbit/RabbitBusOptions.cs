namespace Pressure.Cluster;

/// <summary>How the bus over RabbitMQ behaves.</summary>
public sealed record RabbitBusOptions
{
    /// <summary>Begins the names of all that it makes at the broker: several installations may share one.</summary>
    public string Prefix { get; init; } = "pressure.";

    /// <summary>How long the first connection is tried before it fails; zero for once. Wrong credentials fail at once.</summary>
    public TimeSpan StartLimit { get; init; }

    /// <summary>How long sending, opening and removing may take, the broker's absence included.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection on which nothing was heard for two of these is given up, at both ends.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages that may wait in a mailbox.</summary>
    public int MostWaiting { get; init; } = 100_000;

    /// <summary>Their bytes.</summary>
    public long MostWaitingBytes { get; init; } = 1L << 30;

    /// <summary>A message that was delivered so often without being dealt with is taken for poison: it goes to the dead letters.</summary>
    public int MostDeliveries { get; init; } = 20;

    /// <summary>A mailbox that nobody opened for so long is removed by the broker.</summary>
    public TimeSpan Unused { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What befell a bus.</summary>
public abstract record BusNotice
{
    private BusNotice()
    {
    }

    /// <summary>One English sentence for people.</summary>
    public abstract string Text { get; }

    /// <summary>It is connected.</summary>
    public sealed record Connected(string Broker) : BusNotice
    {
        /// <inheritdoc/>
        public override string Text => $"Connected to {Broker}.";
    }

    /// <summary>It has lost its connection; it goes on trying.</summary>
    public sealed record Away(string Why) : BusNotice
    {
        /// <inheritdoc/>
        public override string Text => $"The broker is away: {Why}";
    }

    /// <summary>The broker takes no messages for now.</summary>
    public sealed record Blocked(string Why) : BusNotice
    {
        /// <inheritdoc/>
        public override string Text => $"The broker takes no messages for now: {Why}";
    }

    /// <summary>It takes them again.</summary>
    public sealed record Unblocked : BusNotice
    {
        /// <inheritdoc/>
        public override string Text => "The broker takes messages again.";
    }
}
