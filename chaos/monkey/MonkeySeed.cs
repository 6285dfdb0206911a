using System.Security.Cryptography;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>A monkey's secret, and its right to be the only one of its name on this machine: <c>monkeys/NAME</c> in the state folder, locked while it runs.</summary>
public sealed class MonkeySeed : IDisposable
{
    private readonly FileStream _file;

    private MonkeySeed(FileStream file, string value) => (_file, Value) = (file, value);

    /// <summary>The secret.</summary>
    public string Value { get; }

    /// <summary>Takes it; null if a monkey of this name runs already.</summary>
    /// <exception cref="IOException">The state folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The state folder can't be written.</exception>
    public static MonkeySeed? TryTake(string folder, string name)
    {
        var monkeys = StateFolder.Ensure(Path.Combine(StateFolder.Ensure(folder), "monkeys"));
        var path = Path.Combine(monkeys, name);
        FileStream file;
        try
        {
            file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        var bytes = new byte[32];
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            RandomNumberGenerator.Fill(bytes);
            file.SetLength(0);
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        return new(file, Convert.ToHexStringLower(bytes));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
