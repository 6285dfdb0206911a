using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pressure.Cli.Replay;
using Pressure.Mirror;

namespace Pressure.Cli.Mirror;

/// <summary>The files of <c>--tls-cert</c> and <c>--tls-key</c>.</summary>
internal static class ListenCertificate
{
    private const string Certificate = "--tls-cert", Key = "--tls-key";

    // Certificates and keys are a few kilobytes.
    private const long LongestFile = 1 << 20;

    /// <summary>Certificate, what leads from it to an authority, and its key; null without them, or when something is wrong with them.</summary>
    public static ListenTls? Read(string? certificateFile, string? keyFile, DateTimeOffset now, List<OptionProblem> problems)
    {
        if (certificateFile is null && keyFile is null)
            return null;
        if (certificateFile is null)
            problems.Add(new(Certificate, "There is a key and no certificate", $"Name the certificate's PEM file with {Certificate}."));
        if (keyFile is null)
            problems.Add(new(Key, "There is a certificate and no key", $"Name the key's PEM file with {Key}."));
        var certificatePem = Text(Certificate, certificateFile, problems);
        var keyPem = Text(Key, keyFile, problems);
        using var publicOnly = certificatePem is null ? null : Leaf(certificateFile!, certificatePem, now, problems);
        return publicOnly is null || keyPem is null ? null : Joined(certificateFile!, certificatePem!, keyFile!, keyPem, problems);
    }

    private static string? Text(string option, string? file, List<OptionProblem> problems)
    {
        if (file is null)
            return null;
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: <= LongestFile })
                return File.ReadAllText(file);
            problems.Add(File.Exists(file) ? new(option, $"{file} is too long for a PEM file", "Name another file.")
                : Directory.Exists(file) ? new(option, $"{file} is a folder", "Name a PEM file.")
                : new(option, $"There is no file {file}", "Name a PEM file."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(option, $"{file} can't be read: {e.Message.TrimEnd('.')}", "Let this user read it, or name another file."));
        }
        return null;
    }

    private static X509Certificate2? Leaf(string file, string pem, DateTimeOffset now, List<OptionProblem> problems)
    {
        X509Certificate2 leaf;
        try
        {
            leaf = X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            problems.Add(new(Certificate, $"{file} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", "Convert it: openssl x509 -in FILE -out FILE.pem"));
            return null;
        }
        if (leaf.NotAfter.ToUniversalTime() <= now)
            problems.Add(new(Certificate, $"The certificate in {file} ended on {leaf.NotAfter.ToUniversalTime():yyyy-MM-dd}, and clients would refuse it", "Renew it."));
        else if (leaf.NotBefore.ToUniversalTime() > now)
            problems.Add(new(Certificate, $"The certificate in {file} begins on {leaf.NotBefore.ToUniversalTime():yyyy-MM-dd}, and clients would refuse it", "Look at this machine's clock, or wait."));
        return leaf;
    }

    private static ListenTls? Joined(string certificateFile, string certificatePem, string keyFile, string keyPem, List<OptionProblem> problems)
    {
        // The text that the library would complain with does not tell these apart.
        if (keyPem.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            problems.Add(new(Key, $"The key in {keyFile} is encrypted", "Decrypt it: openssl pkey -in FILE -out FILE.plain"));
            return null;
        }
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            chain.RemoveAt(0);
            return new ListenTls(X509Certificate2.CreateFromPem(certificatePem, keyPem), chain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problems.Add(keyPem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
                ? new(Key, $"{keyFile} is not the key of the certificate in {certificateFile}", "Name the key that the certificate was made with.")
                : new(Key, $"{keyFile} holds no private key in PEM (-----BEGIN PRIVATE KEY-----)", "Convert it: openssl pkey -in FILE -out FILE.pem"));
            return null;
        }
    }
}
