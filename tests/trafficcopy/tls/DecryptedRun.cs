using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>Reads a capture with a key log, and keeps what was asked and answered.</summary>
internal sealed class DecryptedRun : IExchangeSink
{
    private DecryptedRun()
    {
    }

    public CaptureAccounts Accounts { get; } = new();

    public List<CapturedExchange> Exchanges { get; } = [];

    /// <summary>Each exchange in a line: <c>GET /small 200 6</c>.</summary>
    public IEnumerable<string> Lines => Exchanges.Select(e =>
    {
        var request = new HttpHead(e.Request.Head.Span);
        return $"{Encoding.ASCII.GetString(request.Method)} {Encoding.ASCII.GetString(request.Target)} {new HttpHead(e.Response.Head.Span).Status} {e.Response.BodyLength}";
    });

    public static DecryptedRun Of(string capture, string? keyLog)
    {
        var run = new DecryptedRun();
        var keys = new KeyLog();
        if (keyLog is not null)
            keys.ReadFile(keyLog);
        var pipeline = CapturePipeline.ToExchanges(run, run.Accounts, new CapturePipelineOptions { Keys = keys });
        pipeline.Read(capture, new CaptureReadOptions { Secrets = keys });
        pipeline.Flush();
        return run;
    }

    public void Take(CapturedExchange exchange) => Exchanges.Add(exchange.Keep());

    public void EndConnection(long connection, long at)
    {
    }
}
