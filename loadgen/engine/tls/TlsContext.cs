using System.Net;

namespace Pressure.LoadGen.Engine;

/// <summary>What all TLS connections of a lane share: whom they trust and who they are. Used by one thread.</summary>
/// <exception cref="InvalidOperationException">A certificate or key of the plan can't be used.</exception>
internal sealed class TlsContext : IDisposable
{
    private readonly nint _context;
    private readonly bool _insecure;

    /// <summary>Reads the certificates that the options name.</summary>
    public TlsContext(HttpOptions options)
    {
        _insecure = options.Insecure;
        _context = OpenSsl.NewClientContext();
        if (_context == 0)
            throw new InvalidOperationException("OpenSSL gave no context; its configuration (openssl.cnf) may be broken");
        try
        {
            Trust(options);
            Identify(options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A connection over a connected socket; <paramref name="resumed"/> may be null.</summary>
    public TlsSession Open(int descriptor, string host, TlsTicket? resumed)
    {
        var ssl = OpenSsl.New(_context);
        if (ssl == 0 || OpenSsl.SetDescriptor(ssl, descriptor) != 1)
            throw new InvalidOperationException("OpenSSL has no memory for a connection");
        if (!IPAddress.TryParse(host, out _))
            OpenSsl.NameServer(ssl, host);
        if (!_insecure)
            Expect(ssl, host);
        resumed?.Offer(ssl);
        return new TlsSession(ssl);
    }

    /// <inheritdoc/>
    public void Dispose() => OpenSsl.FreeContext(_context);

    private static void Expect(nint ssl, string host)
    {
        var expected = IPAddress.TryParse(host, out var address) ? OpenSsl.ExpectAddress(ssl, address.ToString()) : OpenSsl.ExpectHost(ssl, host);
        if (expected != 1)
            throw new InvalidOperationException($"OpenSSL can't check a certificate against the name '{host}'");
    }

    private void Trust(HttpOptions options)
    {
        OpenSsl.SetVerify(_context, options.Insecure ? OpenSsl.VerifyNone : OpenSsl.VerifyPeer, 0);
        if (options.Insecure)
            return;
        if (options.Authorities is not { } file)
            Check(OpenSsl.TrustSystem(_context), "the system's certificates can't be read");
        else
            Check(OpenSsl.TrustFile(_context, file, 0), $"http.ca: {file} holds no certificates in PEM");
    }

    private void Identify(HttpOptions options)
    {
        if (options.Certificate is not { } certificate)
            return;
        Check(OpenSsl.UseCertificate(_context, certificate), $"http.certificate: {certificate} holds no certificate in PEM");
        var key = options.Key ?? certificate;
        Check(OpenSsl.UseKey(_context, key, OpenSsl.PemFile), $"http.key: {key} holds no private key in PEM that belongs to {certificate}");
    }

    private static void Check(int result, string problem)
    {
        OpenSsl.ClearErrors();
        if (result != 1)
            throw new InvalidOperationException(problem);
    }
}
