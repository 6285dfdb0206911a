using System.Net;
using System.Net.Sockets;

namespace Pressure.Cluster;

/// <summary>Where a broker is and who comes to it. Its text never has the password.</summary>
/// <remarks><code>amqps://USER:PASSWORD@HOST:PORT,HOST:PORT/VHOST?cacertfile=FILE&amp;password_file=FILE</code></remarks>
public sealed record BrokerAddress
{
    /// <summary>Nodes of the broker; whichever answers first is taken.</summary>
    public required IReadOnlyList<BrokerHost> Hosts { get; init; }

    /// <summary>Whether it is spoken to over TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>The user.</summary>
    public string User { get; init; } = "guest";

    /// <summary>A file whose first line is the password; read anew for every connection, so it may change.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>An environment variable that is the password.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>Virtual host.</summary>
    public string VirtualHost { get; init; } = "/";

    /// <summary>Certificates of the authorities that the broker's certificate may come from, as PEM; null for those of this machine.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Certificate to show to the broker, as PEM; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its key, as PEM; null if that is in the certificate's file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The name that the broker's certificate has to have; null for the host's.</summary>
    public string? ServerName { get; init; }

    /// <summary>Ports of it on this machine; none if it is on others.</summary>
    public IReadOnlyList<int> PortsHere => [.. Hosts.Where(h => h.IsThisMachine).Select(h => h.Port)];

    // Not public, so that nothing that walks properties meets it.
    internal string? Password { get; init; }

    /// <summary>Takes an address apart.</summary>
    public static BrokerAddressOutcome Parse(string text) => BrokerAddressReader.Read(text);

    /// <summary>The password, wherever it stands.</summary>
    /// <exception cref="BusException">It is not there.</exception>
    public string ReadPassword()
    {
        if (PasswordVariable is { } variable)
            return Environment.GetEnvironmentVariable(variable) ?? throw new BusException($"The password for {this} should be in the environment variable {variable}, which is not set. Set it.");
        if (PasswordFile is not { } file)
            return Password ?? "guest";
        try
        {
            return File.ReadLines(file).FirstOrDefault() is { Length: > 0 } line ? line : throw new BusException($"The password file {file} for {this} is empty. Write the password into its first line.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BusException($"The password file {file} for {this} can't be read: {e.Message} Name a file that this user may read.", e);
        }
    }

    /// <summary>The address without the password.</summary>
    public override string ToString() =>
        $"{(Tls ? "amqps" : "amqp")}://{Uri.EscapeDataString(User)}@{string.Join(',', Hosts)}{(VirtualHost == "/" ? "" : "/" + Uri.EscapeDataString(VirtualHost))}";
}

/// <summary>A node of a broker.</summary>
public readonly record struct BrokerHost(string Name, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => Uri.CheckHostName(Name) == UriHostNameType.IPv6 ? $"[{Name}]:{Port}" : $"{Name}:{Port}";

    internal bool IsThisMachine => Name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Name, out var address) && IPAddress.IsLoopback(address));

    internal AddressFamily Family => Uri.CheckHostName(Name) == UriHostNameType.IPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
}

/// <summary>What became of an address' text: the address, or all that is wrong with it.</summary>
public sealed record BrokerAddressOutcome(BrokerAddress? Address, IReadOnlyList<BrokerAddressProblem> Problems);

/// <summary>Something wrong with an address.</summary>
/// <param name="What">What.</param>
/// <param name="Remedy">What to do.</param>
public sealed record BrokerAddressProblem(string What, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{What}. {Remedy}";
}
