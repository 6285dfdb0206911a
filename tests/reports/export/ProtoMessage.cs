using System.Buffers.Binary;
using System.Text;

namespace Pressure.Reports.Tests.Export;

/// <summary>A protocol buffer read by the wire format alone: fields by number, in order, as numbers or bytes.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, object Value)> _fields = [];

    public ProtoMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add(((int)(tag >> 3), (long)Varint(ref bytes)));
                    break;
                case 1:
                    _fields.Add(((int)(tag >> 3), BinaryPrimitives.ReadInt64LittleEndian(bytes)));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    _fields.Add(((int)(tag >> 3), bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7}");
            }
        }
    }

    public IEnumerable<ProtoMessage> Messages(int field) => All(field).Select(v => new ProtoMessage((byte[])v));

    public ProtoMessage Message(int field) => Messages(field).Single();

    public string Text(int field) => Encoding.UTF8.GetString((byte[])All(field).Single());

    public long Number(int field) => (long)All(field).Single();

    public double Real(int field) => BitConverter.Int64BitsToDouble(Number(field));

    public IReadOnlyList<long> Packed(int field) => [.. ((byte[])All(field).Single()).Chunk(8).Select(c => BinaryPrimitives.ReadInt64LittleEndian(c))];

    public bool Has(int field) => All(field).Any();

    private IEnumerable<object> All(int field) => _fields.Where(f => f.Field == field).Select(f => f.Value);

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
