using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>A text of which places are replaced, from front to back; what is between stays as it is, byte for byte.</summary>
internal ref struct MaskedText(ReadOnlySpan<byte> source, ArrayBufferWriter<byte> to, MaskWord word)
{
    private int _copied;

    /// <summary>What it was.</summary>
    public ReadOnlySpan<byte> Source { get; } = source;

    /// <summary>Values masked.</summary>
    public int Masked { get; private set; }

    /// <summary>Whether anything is not as it was.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Masks a value.</summary>
    /// <param name="at">Where it begins.</param>
    /// <param name="length">How long it is; nothing is done with an empty one, nor with one that was masked before.</param>
    /// <param name="value">What it means, for the hash: without escapes.</param>
    public void Mask(int at, int length, scoped ReadOnlySpan<byte> value)
    {
        if (length == 0 || MaskWord.Is(Source.Slice(at, length)))
            return;
        CopyTo(at);
        to.Advance(word.Write(value, to.GetSpan(MaskWord.Longest)));
        _copied = at + length;
        Masked++;
        IsChanged = true;
    }

    /// <summary>Masks a value that means what it is.</summary>
    public void Mask(int at, int length) => Mask(at, length, Source.Slice(at, length));

    /// <summary>Puts something instead of a part, also of an empty one.</summary>
    public void Replace(int at, int length, scoped ReadOnlySpan<byte> by)
    {
        CopyTo(at);
        to.Write(by);
        _copied = at + length;
        IsChanged = true;
    }

    /// <summary>Puts a text instead of a part in which so many values were masked.</summary>
    public void Masks(int at, int length, scoped ReadOnlySpan<byte> by, int values)
    {
        Replace(at, length, by);
        Masked += values;
    }

    /// <summary>The whole text; afterwards nothing can be replaced.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        CopyTo(Source.Length);
        return to.WrittenMemory;
    }

    private void CopyTo(int at)
    {
        to.Write(Source[_copied..at]);
        _copied = at;
    }
}
