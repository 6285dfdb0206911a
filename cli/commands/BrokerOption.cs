using System.CommandLine;
using Pressure.Cluster;

namespace Pressure.Cli.Commands;

/// <summary>The broker over which <c>serve</c> reaches workers.</summary>
internal sealed class BrokerOption
{
    private readonly Option<string?> _broker = new("--broker") { Description = "Broker over which workers are reached, so that runs can be spread over them: amqps://USER@HOST:PORT/VHOST?password_file=FILE", HelpName = "URL" };

    public void AddTo(Command command) => command.Add(_broker);

    /// <summary>Where it is, null for nowhere; what is wrong with that, for people.</summary>
    public (BrokerAddress? Address, string? Problem) Read(ParseResult parsed)
    {
        if (parsed.GetValue(_broker) is not { } text)
            return (null, null);
        var (address, problems) = BrokerAddress.Parse(text);
        return (address, address is null ? string.Join(Environment.NewLine, problems.Select(p => $"--broker {p.What}. {p.Remedy}")) : null);
    }

    /// <summary>Connects; null without a broker.</summary>
    /// <exception cref="BusException">It can't.</exception>
    public static async Task<IBus?> ConnectAsync(BrokerAddress? address, CancellationToken stop) =>
        address is null ? null : await RabbitBus.ConnectAsync(address, "pressure serve", noticed: notice => Console.Error.WriteLine(notice.Text), stop: stop);
}
