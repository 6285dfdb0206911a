using System.Security.Cryptography;

namespace Pressure.Web.State;

/// <summary>Which node this is.</summary>
/// <param name="Id">Stays with its folder of runs: <c>.node</c> there.</param>
/// <param name="Incarnation">Another one at each start, so that what an earlier process of it began is known to be over.</param>
/// <param name="Address">Where other nodes reach it: <c>http://10.0.0.7:5100</c>.</param>
/// <param name="Version">Of its program.</param>
public sealed record NodeIdentity(string Id, Guid Incarnation, string Address, string Version)
{
    /// <summary>Where agents dial in: <c>https://10.0.0.7:5443</c>; null for nowhere.</summary>
    public string? Agents { get; init; }

    /// <summary>Reads who this is, or makes it up at the first start.</summary>
    /// <exception cref="IOException">The folder can't be written.</exception>
    internal static NodeIdentity Of(string runsFolder, string address)
    {
        var file = Path.Combine(runsFolder, ".node");
        var id = File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        if (id.Length is 0 or > 64 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            var machine = new string([.. Environment.MachineName.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(20)]);
            id = $"{machine}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
            File.WriteAllText(file, id + "\n");
        }
        return new(id, Guid.NewGuid(), address, typeof(NodeIdentity).Assembly.GetName().Version?.ToString(3) ?? "0");
    }
}
