using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client.Exceptions;

namespace Pressure.Cluster;

/// <summary>Why a broker can't be used: one sentence that says what, and one that says what to do.</summary>
/// <param name="Text">Both.</param>
/// <param name="IsFinal">Whether trying again changes nothing unless somebody does something.</param>
internal sealed record BrokerFailure(string Text, bool IsFinal)
{
    private const int AccessRefused = 403;
    private const int NotAllowed = 530;

    /// <summary>Makes a sentence of what the library threw, after a look at what answers there.</summary>
    public static async Task<BrokerFailure> OfAsync(Exception thrown, BrokerAddress address, BrokerHost host, SslPolicyErrors errors, CancellationToken stop)
    {
        if (All(thrown).Any(e => e is AuthenticationFailureException or PossibleAuthenticationFailureException) || ReplyOf(thrown) == AccessRefused)
            return new($"The broker at {host} refuses user {address.User} with this password. Check both, and that the user may log in from elsewhere (guest may not).", true);
        if (ReplyOf(thrown) == NotAllowed)
            return VirtualHost(address);
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
            return new($"The certificate of the broker at {host} is not for {address.ServerName ?? host.Name}. Use the name that it is for, or say it with server_name_indication=NAME.", true);
        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return new($"The certificate of the broker at {host} comes from no authority that is trusted here. Name its authority with cacertfile=FILE.", true);
        return Tell(await BrokerProbe.LookAsync(host, stop), thrown, address, host);
    }

    /// <summary>Makes a sentence of what was thrown when everybody's queue and exchanges were made over a fresh connection.</summary>
    public static BrokerFailure OfPreparing(Exception thrown, BrokerAddress address) => ReplyOf(thrown) switch
    {
        NotAllowed => VirtualHost(address),
        AccessRefused => new($"The broker at {address} does not let user {address.User} make queues and exchanges. Grant configure, write and read (rabbitmqctl set_permissions).", true),
        _ => new($"The broker at {address} does not answer as it should: {Innermost(thrown)} Look into its log.", false),
    };

    private static BrokerFailure VirtualHost(BrokerAddress address) =>
        new($"The broker at {address} does not let user {address.User} into the virtual host {address.VirtualHost}. Make it (rabbitmqctl add_vhost) and grant it (rabbitmqctl set_permissions).", true);

    private static BrokerFailure Tell(ProbeFinding found, Exception thrown, BrokerAddress address, BrokerHost host) => (found, address.Tls) switch
    {
        (ProbeFinding.Unknown, _) => new($"There is no host {host.Name}. Check the broker's name.", false),
        (ProbeFinding.Unreachable, _) => new($"The broker at {host} can't be reached. Check the address, that the broker runs, and that nothing between keeps it off.", false),
        (ProbeFinding.Tls, false) => new($"{host} speaks TLS, and the address is amqp://. Write amqps://.", true),
        (ProbeFinding.Amqp, true) => new($"{host} is a broker without TLS, and the address is amqps://. Write amqp://, or use its port for TLS (usually 5671).", true),
        (ProbeFinding.Http, _) => new($"{host} is a web server, not a broker. Use the broker's own port (usually 5671 or 5672; 15672 is its web page).", true),
        (ProbeFinding.Other, _) => new($"What answers at {host} is no RabbitMQ. Check host and port.", true),
        (ProbeFinding.Tls, true) when All(thrown).Any(e => e is AuthenticationException or IOException) =>
            new($"TLS with the broker at {host} failed: {Innermost(thrown)} If the broker wants a certificate, name it with certfile=FILE.", false),
        _ => new($"The broker at {host} does not answer as it should: {Innermost(thrown)} Look into its log.", false),
    };

    private static int ReplyOf(Exception thrown) => All(thrown).OfType<OperationInterruptedException>().FirstOrDefault()?.ShutdownReason?.ReplyCode ?? 0;

    private static string Innermost(Exception thrown)
    {
        var text = All(thrown).Last().Message;
        return text.EndsWith('.') ? text : text + ".";
    }

    private static IEnumerable<Exception> All(Exception thrown)
    {
        yield return thrown;
        foreach (var inner in thrown is AggregateException many ? many.InnerExceptions : thrown.InnerException is { } one ? [one] : [])
        {
            foreach (var e in All(inner))
                yield return e;
        }
    }
}

/// <summary>What answers where a broker should be.</summary>
internal enum ProbeFinding
{
    /// <summary>There is no such host.</summary>
    Unknown,

    /// <summary>Nothing takes connections there.</summary>
    Unreachable,

    /// <summary>Something that says nothing, or hangs up.</summary>
    Silent,

    /// <summary>A broker without TLS.</summary>
    Amqp,

    /// <summary>Something that wants TLS.</summary>
    Tls,

    /// <summary>A web server.</summary>
    Http,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>Looks at what answers where a broker should be: the library's exceptions do not tell.</summary>
internal static class BrokerProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // A client's first bytes, AMQP 0-9-1.
    private static readonly byte[] Greeting = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1];

    public static async Task<ProbeFinding> LookAsync(BrokerHost host, CancellationToken stop)
    {
        using var client = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            await client.ConnectAsync(host.Name, host.Port, limit.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return e is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } ? ProbeFinding.Unknown : ProbeFinding.Unreachable;
        }
        try
        {
            await client.GetStream().WriteAsync(Greeting, limit.Token);
            var answer = new byte[8];
            return Name(answer.AsSpan(0, await client.GetStream().ReadAtLeastAsync(answer, 4, throwOnEndOfStream: false, limit.Token)));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return ProbeFinding.Silent;
        }
    }

    private static ProbeFinding Name(ReadOnlySpan<byte> answer) => answer switch
    {
        [] => ProbeFinding.Silent,
        // A frame of methods on channel zero: Connection.Start.
        [1, 0, 0, ..] => ProbeFinding.Amqp,
        [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', ..] => ProbeFinding.Other,
        // An alert of TLS.
        [0x15, 3, ..] => ProbeFinding.Tls,
        [(byte)'H', (byte)'T', (byte)'T', (byte)'P', ..] => ProbeFinding.Http,
        _ => ProbeFinding.Other,
    };
}
