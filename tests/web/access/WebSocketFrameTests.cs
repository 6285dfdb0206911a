using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

public sealed class WebSocketFrameTests
{
    private const int Most = 1000;

    [Fact]
    public void Wild_bytes_are_frames_or_refused_and_nothing_else() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().ToArbitrary(),
        bytes =>
        {
            var rest = new ReadOnlySequence<byte>(bytes);
            try
            {
                while (WebSocketFrame.TryRead(ref rest, Most, out var frame))
                    Assert.InRange(frame.Payload.Length, 0, Most);
            }
            catch (InvalidDataException)
            {
                // That is how it refuses.
            }
        }));

    [Fact]
    public void A_frame_is_read_the_same_in_pieces_of_any_size() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, Most).ToArbitrary(),
        Gen.Choose(1, 20).ToArbitrary(),
        Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(),
        (length, piece, mask) =>
        {
            var payload = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
            var bytes = Client(payload, (uint)mask);
            var rest = Pieces(bytes, piece);
            Assert.True(WebSocketFrame.TryRead(ref rest, Most, out var frame));
            Assert.Equal(0, rest.Length);
            var read = new byte[length];
            frame.CopyTo(read);
            Assert.Equal(payload, read);
            for (var cut = 0; cut < bytes.Length; cut += Math.Max(1, bytes.Length / 30))
            {
                var torn = new ReadOnlySequence<byte>(bytes[..cut]);
                Assert.False(WebSocketFrame.TryRead(ref torn, Most, out _));
            }
        }));

    [Theory]
    [InlineData(new byte[] { 0x82, 0x01, 0 })] // no mask
    [InlineData(new byte[] { 0x83, 0x81 })] // unknown kind
    [InlineData(new byte[] { 0xc2, 0x81 })] // a reserved bit
    [InlineData(new byte[] { 0x09, 0x81 })] // a ping in pieces
    [InlineData(new byte[] { 0x89, 0xfe })] // a long ping
    [InlineData(new byte[] { 0x82, 0xff, 0, 0, 0, 0, 0, 0, 0x10, 0 })] // too long
    [InlineData(new byte[] { 0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })] // longer than there are numbers
    public void What_is_no_frame_of_a_client_is_refused_by_its_header(byte[] bytes) => Assert.Throws<InvalidDataException>(() =>
    {
        var rest = new ReadOnlySequence<byte>(bytes);
        WebSocketFrame.TryRead(ref rest, Most, out _);
    });

    private static byte[] Client(byte[] payload, uint mask)
    {
        var header = new byte[14];
        var length = WebSocketFrame.WriteHeader(header, WebSocketOpcode.Binary, payload.Length);
        header[1] |= 0x80;
        BitConverter.TryWriteBytes(header.AsSpan(length), mask);
        return [.. header[..(length + 4)], .. payload.Select((b, i) => (byte)(b ^ (mask >> (i % 4 * 8))))];
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        Piece? first = null;
        Piece? last = null;
        foreach (var chunk in bytes.Chunk(size))
        {
            last = new Piece(chunk, last);
            first ??= last;
        }
        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, Piece? before)
        {
            Memory = bytes;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
