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

    /// <summary>Does something with an address of the folder's socket.</summary>
    public static async Task WithAddressAsync(string folder, Func<UnixDomainSocketEndPoint, Task> use)
    {
        if (Encoding.UTF8.GetByteCount(Of(folder)) <= LongestPath)
        {
            await use(new(Of(folder)));
            return;
        }

        var link = Path.Combine(Path.GetTempPath(), $"pressure-{Path.GetRandomFileName()}");
        Directory.CreateSymbolicLink(link, Path.GetFullPath(folder));
        try
        {
            await use(new(Path.Combine(link, FileName)));
        }
        finally
        {
            File.Delete(link);
        }
    }
}
