using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pressure.Agent;

/// <summary>
/// Which server is the centre. While enrolling: the one that shows the key of the token. Afterwards: one with a certificate that the authority told at
/// enrolment has signed, which is made out to the server's name or still shows that key. There is no second choice.
/// </summary>
public sealed class ServerTrust
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";

    private readonly KeyPin _pin;
    private readonly X509Certificate2? _authority;
    private string? _problem;

    private ServerTrust(KeyPin pin, X509Certificate2? authority) => (_pin, _authority) = (pin, authority);

    /// <summary>Why the last server that was looked at is not trusted, for people; null if it was, or none has been.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Trusts a key.</summary>
    public static ServerTrust InKey(KeyPin pin) => new(pin, null);

    /// <summary>Trusts what an authority has signed for servers.</summary>
    /// <param name="pin">The key that makes up for a certificate that is not made out to the server's name.</param>
    /// <param name="pem">The authority's certificate; it need not be a root.</param>
    /// <exception cref="CryptographicException">It is no certificate.</exception>
    public static ServerTrust InAuthority(KeyPin pin, string pem) => new(pin, X509Certificate2.CreateFromPem(pem));

    /// <summary>TLS that takes no other server.</summary>
    public SslClientAuthenticationOptions Tls(string host) => new()
    {
        TargetHost = host,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Trusts(certificate as X509Certificate2, chain, !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)),
    };

    private bool Trusts(X509Certificate2? certificate, X509Chain? sent, bool named)
    {
        var problem = certificate is null ? "it shows no certificate" : ProblemOf(certificate, sent, named);
        Volatile.Write(ref _problem, problem);
        return problem is null;
    }

    private string? ProblemOf(X509Certificate2 certificate, X509Chain? sent, bool named)
    {
        var shown = KeyPin.Of(certificate);
        if (_authority is null)
            return shown == _pin ? null : $"it shows the key {shown} where {_pin} is expected";
        return ProblemOfChain(certificate, sent)
            ?? (named || shown == _pin ? null : $"its certificate ({certificate.Subject}) is made out to another name, and its key is not the one that this agent was enrolled with");
    }

    private string? ProblemOfChain(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        // The anchor is looked for below: it need not be a root, and no root of the system counts.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ForServers));
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        var sound = chain.Build(certificate);
        if (!chain.ChainElements.Any(e => e.Certificate.RawDataMemory.Span.SequenceEqual(_authority!.RawDataMemory.Span)))
            return $"its certificate ({certificate.Subject}) is not signed by the authority that this agent was told at its enrolment";
        if (sound)
            return null;
        var why = chain.ChainStatus.Select(s => s.StatusInformation.TrimEnd('.', ' ', '\n')).Distinct();
        return $"its certificate ({certificate.Subject}) can't be used: {string.Join("; ", why)}";
    }
}
