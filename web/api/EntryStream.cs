using Microsoft.AspNetCore.Http;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Api;

/// <summary>One agent's entries as they come, one JSON object a line; an empty line now and then says that the link is alive.</summary>
internal sealed class EntryStream(IAgentHistory history, string name, DateTimeOffset from, TimeProvider time, CancellationToken serviceEnds) : IResult
{
    public const string ContentType = "application/x-ndjson";

    /// <summary>Time between two empty lines while there is nothing to tell.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private static readonly byte[] NewLine = [(byte)'\n'];

    public async Task ExecuteAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        using var either = CancellationTokenSource.CreateLinkedTokenSource(serviceEnds, context.RequestAborted);
        try
        {
            await WriteAsync(context.Response.Body, either.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader is gone, or the service ends.
        }
    }

    private async Task WriteAsync(Stream body, CancellationToken stop)
    {
        await using var entries = history.FollowAsync(name, from, stop).GetAsyncEnumerator(stop);
        while (true)
        {
            var next = entries.MoveNextAsync().AsTask();
            if (!next.IsCompleted)
                await WaitAsync(next, body, stop);
            if (!await next)
                return;
            await body.WriteAsync(EntryJson.Write(entries.Current), stop);
            await body.WriteAsync(NewLine, stop);
        }
    }

    private async Task WaitAsync(Task next, Stream body, CancellationToken stop)
    {
        await body.FlushAsync(stop);
        while (await Task.WhenAny(next, Task.Delay(Beat, time, stop)) != next && !stop.IsCancellationRequested)
        {
            await body.WriteAsync(NewLine, stop);
            await body.FlushAsync(stop);
        }
    }
}
