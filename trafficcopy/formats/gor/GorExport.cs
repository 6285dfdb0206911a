using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>
/// Writes GoReplay's format (<c>.gor</c>): for each message a line <c>1 ID TIME DURATION</c> (1 a request, 2 its response; nanoseconds), the message as
/// it went over the wire, and a separator. The ID says connection and order, so that <see cref="GorImport"/> finds them again; GoReplay does not mind.
/// </summary>
public static class GorExport
{
    internal static ReadOnlySpan<byte> Separator => "\n🐵🙈🙉\n"u8;

    /// <summary>Writes exchanges. What GoReplay could not send is left out and counted: raw TCP, and requests of which a part is missing.</summary>
    /// <param name="exchanges">The exchanges.</param>
    /// <param name="to">Where to.</param>
    /// <param name="name">The file, for the outcome.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public static TransferOutcome Write(IEnumerable<CapturedExchange> exchanges, Stream to, string name, CancellationToken stop = default)
    {
        var tally = new TransferTally(name);
        var wire = new HttpWire();
        foreach (var exchange in exchanges)
        {
            if (stop.IsCancellationRequested)
            {
                tally.Stopped = true;
                break;
            }

            if (WhyNot(exchange) is { } reason)
            {
                tally.LeaveOut(reason);
                continue;
            }

            wire.Request(exchange);
            Write(to, '1', exchange, exchange.At, exchange.RequestEnd, wire);
            if (exchange.HasResponse)
            {
                wire.Response(exchange);
                Write(to, '2', exchange, exchange.ResponseAt, exchange.ResponseEnd, wire);
            }

            tally.Exchanges++;
        }

        to.Flush();
        return tally.Done();
    }

    private static string? WhyNot(CapturedExchange exchange) =>
        exchange.Protocol == TrafficProtocol.Tcp ? "tcp"
        : (exchange.Marks & ExchangeMarks.RequestIncomplete) != 0 ? "incomplete"
        : exchange.Request.BodyLength > exchange.Request.Body.Length ? "cut"
        : null;

    private static void Write(Stream to, char kind, CapturedExchange exchange, long at, long end, HttpWire wire)
    {
        to.Write(Encoding.ASCII.GetBytes($"{kind} p{exchange.Connection}-{exchange.Order} {at} {Math.Max(0, end - at)}\n"));
        to.Write(wire.Front.Span);
        to.Write(wire.Body.Span);
        // Behind a hole there is nothing that could be read.
        if (wire.Missing == 0)
            to.Write(wire.Tail.Span);
        to.Write(Separator);
    }
}
