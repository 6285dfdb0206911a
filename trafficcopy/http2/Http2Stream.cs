namespace Pressure.TrafficCopy;

/// <summary>A request and its response as they come.</summary>
internal sealed class Http2Stream(MemoryAllowance memory, ConversationOptions options, int order)
{
    /// <summary>Position within the connection.</summary>
    public int Order { get; } = order;

    public Http2Message Request { get; } = new(memory, options.Bodies == KeptBodies.None ? 0 : options.BodyLimit);

    public Http2Message Response { get; } = new(memory, options.Bodies == KeptBodies.All ? options.BodyLimit : 0);

    public bool IsOver => Request.IsOver && Response.IsOver;

    public Http2Message this[Side from] => from == Side.Client ? Request : Response;

    /// <summary>Fills in what is handed on.</summary>
    public void Fill(CapturedExchange to)
    {
        (to.Order, to.Protocol) = (Order, TrafficProtocol.Http2);
        (to.Request, to.At, to.RequestEnd) = (Request.Captured, Request.At, Request.End);
        (to.Response, to.ResponseAt, to.ResponseEnd) = Response.HasHead ? (Response.Captured, Response.At, Response.End) : (default, 0, 0);
        to.Marks = Mark(!Request.IsOver || Request.IsIncomplete, ExchangeMarks.RequestIncomplete)
            | Mark(Request.IsCut, ExchangeMarks.RequestCut)
            | Mark(Response.HasHead && (!Response.IsOver || Response.IsIncomplete), ExchangeMarks.ResponseIncomplete)
            | Mark(Response.HasHead && Response.IsCut, ExchangeMarks.ResponseCut);
    }

    public void Close()
    {
        Request.Close();
        Response.Close();
    }

    private static ExchangeMarks Mark(bool isSo, ExchangeMarks mark) => isSo ? mark : ExchangeMarks.None;
}
