using System.Security.Cryptography;

namespace Pressure.Cluster;

/// <summary>Files that workers need, given away in pieces by their hash. Thread-safe.</summary>
internal sealed class OfferedFiles
{
    /// <summary>Bytes of a piece, at most.</summary>
    public const int PieceBytes = 1 << 20;

    private readonly Dictionary<string, string> _paths = [];

    private OfferedFiles(IReadOnlyList<OfferedFile> files) => Files = files;

    /// <summary>None.</summary>
    public static OfferedFiles None => new([]);

    /// <summary>What is offered.</summary>
    public IReadOnlyList<OfferedFile> Files { get; }

    /// <summary>Reads files through once, for their hashes.</summary>
    /// <param name="places">Where they lie, by the names that the plan has for them.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="IOException">One can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be read.</exception>
    public static async Task<OfferedFiles> OfAsync(IReadOnlyDictionary<string, string> places, CancellationToken stop)
    {
        var files = new List<OfferedFile>();
        var paths = new Dictionary<string, string>();
        foreach (var (name, path) in places)
        {
            await using var file = File.OpenRead(path);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
            files.Add(new(name, hash, file.Length));
            paths[hash] = path;
        }
        var offered = new OfferedFiles(files);
        foreach (var (hash, path) in paths)
            offered._paths[hash] = path;
        return offered;
    }

    /// <summary>A piece of a file, or why there is none.</summary>
    public BusMessage Piece(string hash, long offset)
    {
        if (!_paths.TryGetValue(hash, out var path))
            return Problem("no file of this hash is offered");
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (offset < 0 || offset > length)
                return Problem($"the file has {length} bytes, none at {offset}");
            var bytes = new byte[Math.Min(PieceBytes, length - offset)];
            var count = 0;
            for (int read; count < bytes.Length && (read = RandomAccess.Read(file, bytes.AsSpan(count), offset + count)) > 0;)
                count += read;
            return MessageBody.Write(MessageKinds.Piece, new FilePiece(hash, offset, length), bytes.AsSpan(0, count));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problem(e.Message);
        }

        BusMessage Problem(string why) => MessageBody.Write(MessageKinds.Piece, new FilePiece(hash, offset, 0) { Problem = why });
    }
}
