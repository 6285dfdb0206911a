using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace Pressure.Cluster;

/// <summary>Makes connections to a broker, or says in a sentence why not.</summary>
internal sealed class BrokerDialler(BrokerAddress address, TimeSpan heartbeat)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    public BrokerAddress Address => address;

    /// <summary>Tries each node once.</summary>
    public async Task<DialOutcome> DialAsync(string name, CancellationToken stop)
    {
        DialOutcome? last = null;
        foreach (var host in address.Hosts)
        {
            last = await DialAsync(host, name, stop);
            if (last.Connection is not null || last.Failure is { IsFinal: true })
                return last;
        }
        return last!;
    }

    private async Task<DialOutcome> DialAsync(BrokerHost host, string name, CancellationToken stop)
    {
        var errors = SslPolicyErrors.None;
        try
        {
            using var tls = address.Tls ? BrokerTls.Load(address, host) : null;
            var factory = Factory(name);
            var endpoint = new AmqpTcpEndpoint(host.Name, host.Port, tls?.Option(found => errors |= found) ?? new SslOption { Enabled = false });
            var connection = await factory.CreateConnectionAsync([endpoint], name, stop);
            return new(connection, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (BusException e)
        {
            return new(null, new(e.Message, IsFinal: true));
        }
        catch (Exception e)
        {
            // The library throws what it likes here: sockets', streams' and its own.
            return new(null, await BrokerFailure.OfAsync(e, address, host, errors, stop));
        }
    }

    private ConnectionFactory Factory(string name) => new()
    {
        UserName = address.User,
        Password = address.ReadPassword(),
        VirtualHost = address.VirtualHost,
        ClientProvidedName = name,
        // What was open is opened again by who opened it: only they know what else is to be done then.
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = heartbeat,
        RequestedConnectionTimeout = ConnectLimit,
        HandshakeContinuationTimeout = ConnectLimit,
        ContinuationTimeout = TimeSpan.FromSeconds(20),
    };
}

/// <summary>A connection, or why there is none.</summary>
internal sealed record DialOutcome(IConnection? Connection, BrokerFailure? Failure);

/// <summary>What TLS to a broker takes: authorities to believe, a certificate to show.</summary>
internal sealed class BrokerTls : IDisposable
{
    private readonly BrokerAddress _address;
    private readonly BrokerHost _host;
    private readonly X509Certificate2Collection _authorities = [];
    private readonly X509Certificate2Collection _own = [];

    private BrokerTls(BrokerAddress address, BrokerHost host) => (_address, _host) = (address, host);

    /// <exception cref="BusException">A file is not what it should be.</exception>
    public static BrokerTls Load(BrokerAddress address, BrokerHost host)
    {
        var tls = new BrokerTls(address, host);
        try
        {
            if (address.AuthorityFile is { } authorities)
                Read(authorities, "authorities' certificates (cacertfile)", () => tls._authorities.ImportFromPemFile(authorities));
            if (tls._authorities.Count == 0 && address.AuthorityFile is { } empty)
                throw new BusException($"The file {empty} (cacertfile) has no certificate. Name a PEM file with the authority that signed the broker's.");
            if (address.CertificateFile is { } own)
                Read(own, "own certificate (certfile, keyfile)", () => tls._own.Add(X509Certificate2.CreateFromPemFile(own, address.KeyFile)));
            return tls;
        }
        catch
        {
            tls.Dispose();
            throw;
        }
    }

    public SslOption Option(Action<SslPolicyErrors> found) => new()
    {
        Enabled = true,
        ServerName = _address.ServerName ?? _host.Name,
        Certs = _own.Count == 0 ? null : _own,
        CertificateValidationCallback = (_, certificate, _, errors) =>
        {
            var left = Judge(certificate as X509Certificate2, errors);
            found(left);
            return left == SslPolicyErrors.None;
        },
    };

    public void Dispose()
    {
        foreach (var certificate in _authorities.Concat(_own))
            certificate.Dispose();
    }

    // With authorities of its own the chain ends at one of them, and those of the machine do not count.
    private SslPolicyErrors Judge(X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (_authorities.Count == 0 || certificate is null || (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0)
            return errors;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        var others = errors & ~SslPolicyErrors.RemoteCertificateChainErrors;
        return chain.Build(certificate) ? others : others | SslPolicyErrors.RemoteCertificateChainErrors;
    }

    private static void Read(string file, string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            throw new BusException($"The {what} can't be read from {file}: {e.Message} Name PEM files that this user may read.", e);
        }
    }
}
