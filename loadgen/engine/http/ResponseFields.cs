using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>Keeps those header fields of one response that somebody will ask for.</summary>
internal sealed class ResponseFields
{
    private readonly ByteBuffer _bytes = new();
    private readonly List<(int Wanted, int Start, int Length)> _found = [];

    /// <summary>Forgets what was kept.</summary>
    public void Clear()
    {
        _bytes.Truncate(0);
        _found.Clear();
    }

    /// <summary>Keeps a field if its name is one of those wanted.</summary>
    public void Take(IReadOnlyList<byte[]> wanted, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            if (!Ascii.EqualsIgnoreCase(name, wanted[i]))
                continue;
            _found.Add((i, _bytes.Length, value.Length));
            _bytes.Write(value);
        }
    }

    /// <summary>The first field of a name from a position on; the position then is behind it.</summary>
    public bool TryNext(int wanted, ref int position, out ReadOnlySpan<byte> value)
    {
        while (position < _found.Count)
        {
            var (name, start, length) = _found[position++];
            value = _bytes.Written.Slice(start, length);
            if (name == wanted)
                return true;
        }

        value = default;
        return false;
    }
}
