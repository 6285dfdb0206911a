using System.Net.Sockets;
using System.Text;

namespace Pressure.Cluster;

/// <summary>
/// Where a run is reached: a unix domain socket in its folder. The system's addresses hold 107 bytes; a longer path is taken through a
/// symbolic link that lasts as long as this.
/// </summary>
internal sealed class SocketPlace : IDisposable
{
    private const string FileName = "control.sock";
    private const int LongestPath = 100;

    private readonly string? _link;

    /// <summary>The address of a socket's path.</summary>
    public SocketPlace(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            _link = Path.Combine(Path.GetTempPath(), $"pressure-{Path.GetRandomFileName()}");
            Directory.CreateSymbolicLink(_link, Path.GetDirectoryName(path)!);
        }
        Address = new(_link is null ? path : Path.Combine(_link, Path.GetFileName(path)));
    }

    public UnixDomainSocketEndPoint Address { get; }

    /// <summary>The socket of a run folder.</summary>
    public static string Of(string folder) => Path.Combine(Path.GetFullPath(folder), FileName);

    /// <summary>What a socket is called until it listens.</summary>
    public static string Unready(string path) => path + ".new";

    public void Dispose()
    {
        if (_link is not null)
            File.Delete(_link);
    }
}
