namespace Pressure.TrafficCopy;

/// <summary>What a key log tells of one connection.</summary>
internal sealed class TlsSecrets
{
    /// <summary>Of TLS 1.2 and before: the master secret, of which both sides' keys are made.</summary>
    public byte[]? Master { get; private set; }

    /// <summary>Of TLS 1.3: what the client's handshake is encrypted with.</summary>
    public byte[]? ClientHandshake { get; private set; }

    /// <summary>Of TLS 1.3: what the server's handshake is encrypted with.</summary>
    public byte[]? ServerHandshake { get; private set; }

    /// <summary>Of TLS 1.3: what the client's data is encrypted with.</summary>
    public byte[]? ClientTraffic { get; private set; }

    /// <summary>Of TLS 1.3: what the server's data is encrypted with.</summary>
    public byte[]? ServerTraffic { get; private set; }

    /// <summary>Takes a line's secret; labels that are not needed are passed over.</summary>
    public void Take(string label, byte[] secret)
    {
        switch (label)
        {
            case "CLIENT_RANDOM":
                Master = secret;
                break;
            case "CLIENT_HANDSHAKE_TRAFFIC_SECRET":
                ClientHandshake = secret;
                break;
            case "SERVER_HANDSHAKE_TRAFFIC_SECRET":
                ServerHandshake = secret;
                break;
            case "CLIENT_TRAFFIC_SECRET_0":
                ClientTraffic = secret;
                break;
            case "SERVER_TRAFFIC_SECRET_0":
                ServerTraffic = secret;
                break;
        }
    }
}
