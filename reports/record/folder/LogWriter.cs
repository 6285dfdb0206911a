using Microsoft.Win32.SafeHandles;

namespace Pressure.Record;

/// <summary>Appends records to a log, each by a single write. Thread-safe.</summary>
internal sealed class LogWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private long _end;
    private bool _torn;

    /// <summary>Begins a log.</summary>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    public LogWriter(string path) => _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);

    /// <summary>Goes on with a log behind its sound records; whatever comes behind them is cut by the first write.</summary>
    /// <exception cref="IOException">The file is missing, or can't be written.</exception>
    public LogWriter(string path, long sound)
    {
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        _end = sound;
        _torn = RandomAccess.GetLength(_file) > sound;
    }

    /// <exception cref="IOException">The record could not be written whole. The next call begins at its start again.</exception>
    public void Append(ReadOnlySpan<byte> payload)
    {
        if (payload.Length is 0 or > LogFormat.MaxPayload)
            throw new ArgumentException($"A record has 1 to {LogFormat.MaxPayload} bytes, not {payload.Length}.", nameof(payload));
        var record = new byte[LogFormat.HeaderLength + payload.Length];
        LogFormat.WriteHeader(record, payload);
        payload.CopyTo(record.AsSpan(LogFormat.HeaderLength));
        lock (_gate)
            Write(record);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            using (_file)
            {
                CutTorn();
                RandomAccess.FlushToDisk(_file);
            }
        }
    }

    private void Write(byte[] record)
    {
        CutTorn();
        // Set beforehand: whichever way the write fails, part of the record may be in the file.
        _torn = true;
        try
        {
            RandomAccess.Write(_file, record, _end);
        }
        catch (IOException)
        {
            CutTorn();
            throw;
        }
        _torn = false;
        _end += record.Length;
    }

    private void CutTorn()
    {
        if (!_torn)
            return;
        RandomAccess.SetLength(_file, _end);
        _torn = false;
    }
}
