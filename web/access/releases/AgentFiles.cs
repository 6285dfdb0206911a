using System.Security.Cryptography;

namespace Pressure.Web.Access;

/// <summary>A build of the agent's program that the service hands out.</summary>
/// <param name="Rid">What it runs on: <c>linux-x64</c>.</param>
/// <param name="Version">Its version as it says itself.</param>
/// <param name="Path">The file.</param>
/// <param name="Sha256">SHA-256 of the file, 64 lower-case hex digits.</param>
internal sealed record AgentFile(string Rid, string Version, string Path, string Sha256);

/// <summary>The builds of the agent in a folder, one folder a platform, each with <c>pressure-agent</c> and <c>version</c>; build/agent.sh writes it.</summary>
/// <param name="folder">The folder; it need not be there.</param>
internal sealed class AgentFiles(string folder)
{
    /// <summary>Platforms that the agent is made for; nothing else of the folder is ever looked at.</summary>
    private static readonly string[] Rids = ["linux-x64", "linux-arm64"];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTime Written, long Length, AgentFile File)> _known = [];

    /// <summary>What is there now.</summary>
    public IReadOnlyList<AgentFile> All => [.. Rids.Select(Find).OfType<AgentFile>()];

    /// <summary>The build for a platform; null if there is none.</summary>
    public AgentFile? Find(string rid)
    {
        if (!Rids.Contains(rid))
            return null;
        var file = new FileInfo(Path.Combine(folder, rid, "pressure-agent"));
        var version = Path.Combine(folder, rid, "version");
        if (!file.Exists || !File.Exists(version))
            return null;
        var says = File.ReadAllText(version).Trim();
        lock (_gate)
        {
            // Hashing 17 MB for every download would be a way to keep the service busy.
            if (_known.TryGetValue(rid, out var known) && known.Written == file.LastWriteTimeUtc && known.Length == file.Length)
                return known.File with { Version = says };
            using var bytes = file.OpenRead();
            var found = new AgentFile(rid, says, file.FullName, Convert.ToHexStringLower(SHA256.HashData(bytes)));
            _known[rid] = (file.LastWriteTimeUtc, file.Length, found);
            return found;
        }
    }
}
