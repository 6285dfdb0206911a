using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pressure.LoadGen;

/// <summary>Files of certificates and keys, named in a plan; relative paths count from the plan's folder.</summary>
internal static class PemText
{
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>A file with certificates; the value is its full path.</summary>
    public static ValueReader<string?> Certificates(string planFile) => (string text, out string? value) =>
        Opens(planFile, text, ReadCertificates, out value)
            ? null
            : new($"'{Shown.Of(text)}' is not a file with certificates in PEM", "Name a file with -----BEGIN CERTIFICATE-----.");

    /// <summary>A file with the private key of a certificate.</summary>
    public static ValueReader<string?> KeyOf(string certificate, string planFile) => (string text, out string? value) =>
        Opens(planFile, text, path => X509Certificate2.CreateFromPemFile(certificate, path).Dispose(), out value)
            ? null
            : new($"'{Shown.Of(text)}' is not a file with the certificate's private key in PEM", "Name the file with its key, not encrypted.");

    private static void ReadCertificates(string path)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(path);
        if (found.Count == 0)
            throw new CryptographicException("no certificates");
    }

    // One answer whatever is wrong: a plan from elsewhere must not find out what lies on this machine.
    private static bool Opens(string planFile, string text, Action<string> read, out string? path)
    {
        path = null;
        try
        {
            var full = Path.GetFullPath(text, Path.GetDirectoryName(Path.GetFullPath(planFile))!);
            // Devices and pipes have no length, and some of them no end.
            if (!File.Exists(full) || new FileInfo(full).Length is 0 or > MostBytes)
                return false;
            read(full);
            path = full;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or CryptographicException)
        {
            return false;
        }
    }
}
