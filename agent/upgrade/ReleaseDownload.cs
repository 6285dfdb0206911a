using System.Security.Cryptography;

namespace Pressure.Agent;

/// <summary>Fetches a program from the centre, and only the one that is meant.</summary>
internal static class ReleaseDownload
{
    private const long MaxBytes = 256L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Downloads to a file; what went wrong, for people, or null. The file is there only if all is well.</summary>
    /// <param name="identity">Tells the centre and whom to trust.</param>
    /// <param name="rid">The platform: <c>linux-x64</c>.</param>
    /// <param name="sha256">What the file must hash to, in hex.</param>
    /// <param name="path">Where to.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<string?> FetchAsync(AgentIdentity identity, string rid, string sha256, string path, CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler { SslOptions = identity.Trust().Tls(identity.Server.Host), AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(new Uri(identity.Server, $"/agent/{rid}/pressure-agent"), HttpCompletionOption.ResponseHeadersRead, stop);
            if (!response.IsSuccessStatusCode)
                return $"the centre has no program for {rid} to give ({(int)response.StatusCode})";
            await using (var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                if (await CopyAsync(await response.Content.ReadAsStreamAsync(stop), file, stop) is { } tooLong)
                    return tooLong;
                file.Position = 0;
                var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
                if (hash.Equals(sha256, StringComparison.OrdinalIgnoreCase))
                    return null;
            }
            File.Delete(path);
            return "the program that came is not the one that was meant: its checksum differs";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or TaskCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return $"the program could not be fetched: {e.GetBaseException().Message}";
        }
    }

    private static async Task<string?> CopyAsync(Stream from, Stream to, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        var total = 0L;
        while (await from.ReadAsync(buffer, stop) is var length and > 0)
        {
            if ((total += length) > MaxBytes)
                return $"the program is longer than {MaxBytes >> 20} MiB";
            await to.WriteAsync(buffer.AsMemory(0, length), stop);
        }
        return null;
    }
}
