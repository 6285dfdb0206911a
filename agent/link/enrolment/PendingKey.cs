using System.Security.Cryptography;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// The private key of an enrolment that is under way (<c>key.new</c>). It is made here, and kept until the enrolment is through: if the answer gets lost,
/// the same key may ask with the same token again.
/// </summary>
public static class PendingKey
{
    private const string File = "key.new";

    /// <summary>The key, PKCS#8.</summary>
    public static byte[] Take(string data)
    {
        var path = Path.Combine(data, File);
        if (System.IO.File.Exists(path) && Readable(System.IO.File.ReadAllBytes(path)) is { } pending)
            return pending;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = key.ExportPkcs8PrivateKey();
        WholeFile.WriteSecret(path, made);
        return made;
    }

    /// <summary>The enrolment is through.</summary>
    public static void Drop(string data) => System.IO.File.Delete(Path.Combine(data, File));

    private static byte[]? Readable(byte[] bytes)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(bytes, out _);
            return bytes;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
