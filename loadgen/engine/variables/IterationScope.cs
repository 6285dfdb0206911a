using System.Buffers.Text;
using System.Security.Cryptography;

namespace Pressure.LoadGen.Engine;

/// <summary>What one iteration's templates are filled from: its number, its rows of data, and what its responses gave.</summary>
/// <param name="now">The wall time.</param>
internal sealed class IterationScope(Func<DateTimeOffset> now)
{
    private const int LongestTime = 200;

    private readonly ByteBuffer _scratch = new();
    private readonly ByteBuffer _joined = new();
    private readonly List<(bool Given, ByteBuffer Value)> _variables = [];
    private long _number;

    private readonly CookieJar _cookies = new(now);

    /// <summary>The cookies that the iteration sends and takes.</summary>
    public CookieJar Cookies { get; private set; } = null!;

    /// <summary>Begins an iteration, with cookies of its own, or with those that a user keeps.</summary>
    public void Begin(long number, RunningUser? user = null)
    {
        _number = number;
        _cookies.Clear();
        Cookies = user is { KeepsCookies: true } ? user.Cookies ??= new(now) : _cookies;
        for (var i = 0; i < _variables.Count; i++)
            _variables[i] = (false, _variables[i].Value);
    }

    /// <summary>Sets a variable for the rest of the iteration.</summary>
    public void Set(int variable, ReadOnlySpan<byte> value)
    {
        while (_variables.Count <= variable)
            _variables.Add((false, new()));
        var buffer = _variables[variable].Value;
        buffer.Truncate(0);
        buffer.Write(value);
        _variables[variable] = (true, buffer);
    }

    /// <summary>Whether there is a value: not for variables that no response gave, nor for rows beyond the last.</summary>
    public bool Has(Expression leaf) => leaf switch
    {
        Expression.Column c => c.Feed.RowAt(_number) >= 0,
        Expression.Variable v => v.Index < _variables.Count && _variables[v.Index].Given,
        _ => true,
    };

    /// <summary>The value as UTF-8; valid until the next call. Asked only if there is one.</summary>
    public ReadOnlySpan<byte> ValueOf(Expression expression)
    {
        _scratch.Truncate(0);
        return Evaluate(expression);
    }

    private ReadOnlySpan<byte> Evaluate(Expression expression)
    {
        switch (expression)
        {
            case Expression.Column c:
                return c.Feed.Table[c.Feed.RowAt(_number), c.Index];
            case Expression.Variable v:
                return _variables[v.Index].Value.Written;
            case Expression.Uuid u:
                return Uuid(u);
            case Expression.Now n:
                return Time(n.Format);
            case Expression.RandomWhole r:
                return Whole(r.From + (long)(SeededUniform.Bits(r.Seed, r.Stream, _number) % (ulong)(r.To - r.From + 1)));
            case Expression.IterationNumber:
                return Whole(_number);
            case Expression.Hash h:
                return Hash(h.Kind, Evaluate(h.Of));
            case Expression.Base64 b:
                return ToBase64(Evaluate(b.Of));
            case Expression.Joined j:
                _joined.Truncate(0);
                j.Parts.Render(this, _joined);
                return _joined.Written;
            case Expression.Number n:
                return Evaluate(n.Of);
            default:
                throw new InvalidOperationException($"Unknown expression {expression.GetType().Name}");
        }
    }

    private ReadOnlySpan<byte> Whole(long value)
    {
        var text = _scratch.Take(20);
        value.TryFormat(text, out var length);
        return text[..length];
    }

    // Two draws; the second one's streams count down, where the first ones' count up.
    private ReadOnlySpan<byte> Uuid(Expression.Uuid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, SeededUniform.Bits(uuid.Seed, uuid.Stream, _number));
        BitConverter.TryWriteBytes(bytes[8..], SeededUniform.Bits(uuid.Seed, -2 - uuid.Stream, _number));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        var text = _scratch.Take(36);
        new Guid(bytes, bigEndian: true).TryFormat(text, out _);
        return text;
    }

    private ReadOnlySpan<byte> Time(string format)
    {
        var time = now();
        if (format is "unix" or "unixMs")
            return Whole(format == "unix" ? time.ToUnixTimeSeconds() : time.ToUnixTimeMilliseconds());
        var text = _scratch.Take(LongestTime);
        return time.TryFormat(text, out var length, format.Length > 0 ? format : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'") ? text[..length] : [];
    }

    private ReadOnlySpan<byte> Hash(HashKind kind, ReadOnlySpan<byte> of)
    {
        Span<byte> hash = stackalloc byte[64];
        // Weak ones are here because the interfaces under test ask for them.
#pragma warning disable CA5350, CA5351
        var length = kind switch
        {
            HashKind.Md5 => MD5.HashData(of, hash),
            HashKind.Sha1 => SHA1.HashData(of, hash),
            HashKind.Sha256 => SHA256.HashData(of, hash),
            _ => SHA512.HashData(of, hash),
        };
#pragma warning restore CA5350, CA5351
        var text = _scratch.Take(length * 2);
        Convert.TryToHexStringLower(hash[..length], text, out _);
        return text;
    }

    private ReadOnlySpan<byte> ToBase64(ReadOnlySpan<byte> of)
    {
        var text = _scratch.Take(Base64.GetMaxEncodedToUtf8Length(of.Length));
        Base64.EncodeToUtf8(of, text, out _, out var length);
        return text[..length];
    }
}
