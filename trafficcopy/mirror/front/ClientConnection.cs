using System.Net;

namespace Pressure.Mirror;

/// <summary>A client's connection.</summary>
/// <param name="id">Its number, from 1.</param>
/// <param name="client">Where it comes from.</param>
internal sealed class ClientConnection(long id, IPEndPoint client)
{
    private int _requests;

    /// <summary>Its number.</summary>
    public long Id => id;

    /// <summary>Where it comes from.</summary>
    public IPEndPoint Client => client;

    /// <summary>The address in words.</summary>
    public string Address { get; } = (client.Address.IsIPv4MappedToIPv6 ? client.Address.MapToIPv4() : client.Address).ToString();

    /// <summary>The position of one more request. Its requests come one after the other.</summary>
    public int NextOrder() => _requests++;
}
