using System.Security.Cryptography;

namespace Pressure.Faults;

/// <summary>Ownership handles of faults: 12 lower-case hex digits.</summary>
public static class FaultHandle
{
    private const int Digits = 12;

    /// <summary>A new one; none is used twice.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);

    /// <summary>Whether a text is one. What is none never becomes a file's name.</summary>
    public static bool IsHandle(string? text) => text is { Length: Digits } && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');
}
