using System.Security.Cryptography;

namespace Pressure.Web.State;

/// <summary>A monkey's secret, the same on every node: one that goes on where another stopped does not throw the day's dice again.</summary>
internal static class MonkeySecrets
{
    /// <exception cref="IOException">There is none yet, and none can be agreed on now.</exception>
    public static string Of(SharedFiles files, string folder, string monkey)
    {
        var path = Path.Combine(folder, $"{monkey}.seed");
        if (!File.Exists(path))
            files.Change(path, text => text ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        return File.ReadAllText(path);
    }
}
