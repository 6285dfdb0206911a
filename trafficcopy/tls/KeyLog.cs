using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>
/// Secrets of TLS connections, by their clients' random: what browsers, curl and OpenSSL write to <c>SSLKEYLOGFILE</c>, and pcapng files hold beside their packets.
/// Lines that are none of these are passed over. Owned by one thread.
/// </summary>
public sealed class KeyLog : ISecretsSink
{
    /// <summary>Connections whose secrets are kept; more than any capture has with keys.</summary>
    private const int Most = 1_000_000;

    /// <summary>Label, random and secret come to less than this.</summary>
    private const int LongestLine = 512;

    private const int RandomDigits = 64;

    /// <summary>No secret of any cipher suite is longer than 64 bytes.</summary>
    private const int MostDigits = 128;

    private readonly Dictionary<string, TlsSecrets> _secrets = new(StringComparer.OrdinalIgnoreCase);
    private string? _followed;
    private long _read;

    /// <summary>Connections whose secrets are known.</summary>
    public int Count => _secrets.Count;

    /// <summary>Reads a key log file.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public void ReadFile(string file)
    {
        foreach (var line in File.ReadLines(file, Encoding.Latin1))
            TakeLine(line);
    }

    /// <summary>
    /// Follows a key log file that is being written: it is read on whenever secrets are looked for. As long as it is not there, there are none.
    /// </summary>
    public void Follow(string file) => _followed = file;

    /// <inheritdoc/>
    public void TakeKeyLog(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.Length <= LongestLine)
                TakeLine(Encoding.Latin1.GetString(line));
        }
    }

    /// <summary>The secrets of a connection; null when there are none.</summary>
    internal TlsSecrets? Find(ReadOnlySpan<byte> clientRandom)
    {
        if (_followed is not null)
            ReadOn(_followed);
        return _secrets.GetValueOrDefault(Convert.ToHexString(clientRandom));
    }

    // What is no whole line yet is read again.
    private void ReadOn(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length < _read)
                _read = 0;
            file.Position = _read;
            var buffer = new byte[64 << 10];
            while (file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is > 0 and var there && buffer.AsSpan(0, there).LastIndexOf((byte)'\n') is >= 0 and var end)
            {
                TakeKeyLog(buffer.AsSpan(0, end + 1));
                file.Position = _read += end + 1;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there yet, or not any more: the connection counts as one without secrets.
        }
    }

    /// <summary><c>LABEL CLIENT_RANDOM SECRET</c>, the last two in hexadecimal digits.</summary>
    private void TakeLine(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length != 3 || words[1].Length != RandomDigits || words[2].Length > MostDigits || !IsHex(words[1]) || !IsHex(words[2]))
            return;
        if (!_secrets.TryGetValue(words[1], out var secrets))
        {
            if (_secrets.Count >= Most)
                return;
            _secrets.Add(words[1], secrets = new TlsSecrets());
        }
        secrets.Take(words[0], Convert.FromHexString(words[2]));
    }

    private static bool IsHex(string text) => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
}
