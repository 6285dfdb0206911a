namespace Pressure.TrafficCopy;

/// <summary>Opens files of traffic to be read by time: stores as they are, everything else by way of a store that is made for it and goes with the reader.</summary>
public static class CaptureFile
{
    /// <summary>Opens a file: our store, pcap, pcapng, HAR or .gor. What is wrong with it but did not keep it from being read stands in <see cref="CaptureInfo.Damage"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How packets are read; null for what suits most.</param>
    /// <param name="folder">Where the store is made that is needed for other formats; null for beside the file, or the system's temporary folder where that can't be written.</param>
    /// <exception cref="InvalidDataException">It is none of these, or nothing of it can be read.</exception>
    /// <exception cref="IOException">It can't be read, or the store can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static ICaptureReader Open(string path, CaptureSourceOptions? options = null, string? folder = null)
    {
        var format = SourceFormats.Of(path);
        return format == SourceFormat.Store ? CaptureReader.Open(path) : Convert(path, options ?? new(), folder);
    }

    private static ConvertedCapture Convert(string path, CaptureSourceOptions options, string? folder)
    {
        using var writer = OpenStore(path, folder, out var store);
        var accounts = new CaptureAccounts();
        var outcome = CaptureSources.Read([path], writer, accounts, options);
        options.Stop.ThrowIfCancellationRequested();
        if (outcome.Unreadable.Count > 0)
            throw new InvalidDataException(outcome.Problems.Count > 0 ? outcome.Problems[0].What : "it is no capture.");
        writer.Complete(new() { Accounts = accounts.Packets > 0 ? accounts : null, LeftOut = outcome.LeftOut });
        // Before the writer closes, and with that deletes, the file.
        return new ConvertedCapture(CaptureReader.Open(store), path, outcome.Problems);
    }

    private static CaptureWriter OpenStore(string path, string? folder, out string store)
    {
        var name = $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.capture";
        var options = new CaptureWriterOptions { IsTemporary = true };
        try
        {
            store = Path.Combine(folder ?? Path.GetDirectoryName(Path.GetFullPath(path))!, name);
            return new CaptureWriter(store, options);
        }
        catch (Exception e) when (folder is null && e is IOException or UnauthorizedAccessException)
        {
            store = Path.Combine(Path.GetTempPath(), name);
            return new CaptureWriter(store, options);
        }
    }

    private sealed class ConvertedCapture(CaptureReader store, string path, IReadOnlyList<CaptureFileProblem> problems) : ICaptureReader
    {
        public CaptureInfo Info { get; } = store.Info with { Name = path, Begun = null, Damage = problems.Count == 0 ? store.Info.Damage : string.Join(' ', problems.Select(p => p.What)) };

        public long Lost => store.Lost;

        public IEnumerable<CapturedExchange> ByTime() => store.ByTime();

        public void Dispose() => store.Dispose();
    }
}
