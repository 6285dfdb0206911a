using System.Buffers.Text;

namespace Pressure.Agent;

/// <summary>What lets a host in once: <c>pressure1.SECRET.PIN</c>.</summary>
/// <param name="Text">As it was given; goes to the service, and only there.</param>
/// <param name="Pin">The key that the service must show first.</param>
public sealed record EnrolmentToken(string Text, KeyPin Pin)
{
    private const string Prefix = "pressure1";

    /// <summary>Reads a token; null if it is none.</summary>
    public static EnrolmentToken? Parse(string text) =>
        text.Split('.') is [Prefix, { Length: > 0 and <= 256 } secret, var pin] && Base64Url.IsValid(secret) && KeyPin.Parse(pin) is { } parsed
            ? new EnrolmentToken(text, parsed)
            : null;

    /// <summary>Without the secret, so that it can stand in a log.</summary>
    public override string ToString() => $"{Prefix}.***.{Pin}";
}
