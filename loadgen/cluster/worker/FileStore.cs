using System.Security.Cryptography;

namespace Pressure.Cluster;

/// <summary>
/// Files by their content, fetched once and kept for the next run, up to a number of bytes: what was used longest ago goes first, and what is used now stays. Thread-safe.
/// </summary>
internal sealed class FileStore
{
    private const string Unfinished = ".part";

    private readonly string _folder;
    private readonly long _mostBytes;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<string?>> _fetching = [];
    private readonly Dictionary<string, int> _users = [];

    /// <summary>A store in a folder of its own.</summary>
    /// <exception cref="IOException">The folder can't be used.</exception>
    public FileStore(string folder, long mostBytes, TimeProvider time)
    {
        (_folder, _mostBytes, _time) = (folder, mostBytes, time);
        Directory.CreateDirectory(folder);
        foreach (var unfinished in Directory.EnumerateFiles(folder, "*" + Unfinished))
            File.Delete(unfinished);
    }

    /// <summary>Where a file lies that has been fetched.</summary>
    public string PathOf(string hash) => Path.Combine(_folder, hash);

    /// <summary>Says that files are used; <see cref="Release"/> says that they are not any more.</summary>
    public void Hold(IEnumerable<OfferedFile> files)
    {
        lock (_gate)
        {
            foreach (var file in files)
                _users[file.Hash] = _users.GetValueOrDefault(file.Hash) + 1;
        }
    }

    /// <summary>Files are not used any more.</summary>
    public void Release(IEnumerable<OfferedFile> files)
    {
        lock (_gate)
        {
            foreach (var file in files)
            {
                if (--_users[file.Hash] == 0)
                    _users.Remove(file.Hash);
            }
        }
    }

    /// <summary>Fetches a file that is held, unless it is there; several who want it at once share one fetching.</summary>
    /// <returns>Why it could not be had; null when it is there.</returns>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public async Task<string?> FetchAsync(OfferedFile file, RunLine line, CancellationToken stop)
    {
        while (true)
        {
            Task<string?>? fetching;
            lock (_gate)
            {
                if (!_fetching.TryGetValue(file.Hash, out fetching))
                    _fetching[file.Hash] = fetching = FetchOnceAsync(file, line, stop);
            }
            try
            {
                return await fetching.WaitAsync(stop);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Whoever fetched it was told to stop; we were not.
            }
        }
    }

    private async Task<string?> FetchOnceAsync(OfferedFile file, RunLine line, CancellationToken stop)
    {
        // So that it is among those under way before it can be over.
        await Task.Yield();
        try
        {
            var place = new FileInfo(PathOf(file.Hash));
            if (place.Exists && place.Length == file.Length)
            {
                place.LastWriteTimeUtc = _time.GetUtcNow().UtcDateTime;
                return null;
            }
            if (!MakeRoom(file.Length))
                return $"'{file.Name}' has {file.Length:N0} bytes, and this worker keeps at most {_mostBytes:N0} bytes of files. Give it more with --cache.";
            return await DownloadAsync(file, line, place.FullName, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"'{file.Name}' can't be kept: {e.Message} Free space in this worker's --state folder.";
        }
        finally
        {
            lock (_gate)
                _fetching.Remove(file.Hash);
        }
    }

    private static async Task<string?> DownloadAsync(OfferedFile file, RunLine line, string place, CancellationToken stop)
    {
        var unfinished = place + Unfinished;
        try
        {
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                await using (var to = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
                {
                    if (await CopyAsync(file, line, to, hash, stop) is { } why)
                        return why;
                    to.Flush(flushToDisk: true);
                }
                if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Hash)
                    return $"'{file.Name}' is not what was offered: its hash is another. It was changed meanwhile; start the run again.";
            }
            File.Move(unfinished, place, overwrite: true);
            return null;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task<string?> CopyAsync(OfferedFile file, RunLine line, FileStream to, IncrementalHash hash, CancellationToken stop)
    {
        for (var offset = 0L; offset < file.Length;)
        {
            if (await line.AskPieceAsync(file.Hash, offset, stop) is not var (piece, bytes))
                return $"'{file.Name}' did not come: the coordinator does not answer. Check that it still runs.";
            if (piece.Problem is { } problem)
                return $"'{file.Name}' can't be had: {problem}";
            if (bytes.Length == 0 || bytes.Length > file.Length - offset)
                return $"'{file.Name}' is not what was offered: its length is another. It was changed meanwhile; start the run again.";
            hash.AppendData(bytes.Span);
            await to.WriteAsync(bytes, stop);
            offset += bytes.Length;
        }
        return null;
    }

    private bool MakeRoom(long bytes)
    {
        lock (_gate)
        {
            var kept = new DirectoryInfo(_folder).GetFiles().Where(f => f.Extension != Unfinished).OrderBy(f => f.LastWriteTimeUtc).ToList();
            var total = kept.Sum(f => f.Length);
            foreach (var file in kept.Where(f => !_users.ContainsKey(f.Name)))
            {
                if (total <= _mostBytes - bytes)
                    break;
                total -= file.Length;
                file.Delete();
            }
            return total <= _mostBytes - bytes;
        }
    }
}
