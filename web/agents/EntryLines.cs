using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Pressure.Web.Agents;

/// <summary>Lines of a stream that may be cut, fall silent, or never end a line.</summary>
/// <param name="body">The stream.</param>
/// <param name="quiet">How long it may say nothing at all.</param>
/// <param name="time">The clock.</param>
internal sealed class EntryLines(Stream body, TimeSpan quiet, TimeProvider time)
{
    private const int Longest = 1 << 20;

    /// <summary>The lines but for empty ones; each holds until the next is asked for.</summary>
    /// <exception cref="IOException">The stream broke, or said nothing for too long.</exception>
    /// <exception cref="InvalidDataException">A line is too long.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var reader = PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true));
        while (true)
        {
            var read = await ReadSomeAsync(reader, stop);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                if (line.Length > 0)
                    yield return line.ToArray();
            }
            if (buffer.Length > Longest)
                throw new InvalidDataException($"A line of more than {Longest} bytes.");
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                yield break;
        }
    }

    private async ValueTask<ReadResult> ReadSomeAsync(PipeReader reader, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(quiet, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            return await reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new IOException($"The service said nothing for {quiet.TotalSeconds:0} s.");
        }
    }
}
