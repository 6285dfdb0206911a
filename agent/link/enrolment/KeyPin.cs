using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pressure.Agent;

/// <summary>A server's public key by its checksum: SHA-256 of the certificate's SubjectPublicKeyInfo, in base64url.</summary>
public sealed record KeyPin
{
    private KeyPin(string text) => Text = text;

    /// <summary>43 characters.</summary>
    public string Text { get; }

    /// <summary>The same as <c>curl --pinnedpubkey sha256//...</c> wants it: base64.</summary>
    public string ForCurl => Convert.ToBase64String(Base64Url.DecodeFromChars(Text));

    /// <summary>Reads a pin; null if it is none.</summary>
    public static KeyPin? Parse(string text) =>
        Base64Url.IsValid(text, out var length) && length == SHA256.HashSizeInBytes ? new KeyPin(text.TrimEnd('=')) : null;

    /// <summary>The pin of a certificate's key.</summary>
    public static KeyPin Of(X509Certificate2 certificate) =>
        new(Base64Url.EncodeToString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())));

    /// <inheritdoc/>
    public override string ToString() => Text;
}
