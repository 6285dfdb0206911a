using System.Net.Sockets;
using System.Text;

namespace Pressure.Cluster;

/// <summary>
/// Where a run is reached: a unix domain socket in its folder. The system's addresses hold 107 bytes; a longer path is taken through a
/// symbolic link that lasts as long as the call.
/// </summary>
internal static class SocketPlace
{
    private const string FileName = "control.sock";
    private const int LongestPath = 100;

    public static string Of(string folder) => Path.Combine(Path.GetFullPath(folder), FileName);

    /// <summary>What a socket is called until it listens.</summary>
    public static string Unready(string path) => path + ".new";

    /// <summary>Does something with the address of a socket's path.</summary>
    public static async Task WithAddressAsync(string path, Func<UnixDomainSocketEndPoint, Task> use)
    {
        if (Encoding.UTF8.GetByteCount(path) <= LongestPath)
        {
            await use(new(path));
            return;
        }

        var link = Path.Combine(Path.GetTempPath(), $"pressure-{Path.GetRandomFileName()}");
        Directory.CreateSymbolicLink(link, Path.GetDirectoryName(path)!);
        try
        {
            await use(new(Path.Combine(link, Path.GetFileName(path))));
        }
        finally
        {
            File.Delete(link);
        }
    }
}
