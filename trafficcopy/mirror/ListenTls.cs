using System.Security.Cryptography.X509Certificates;

namespace Pressure.Mirror;

/// <summary>What a mirror shows clients that come over TLS.</summary>
/// <param name="Certificate">Its own, with the private key.</param>
/// <param name="Chain">Those that lead from there to an authority; may be empty.</param>
public sealed record ListenTls(X509Certificate2 Certificate, X509Certificate2Collection Chain);
