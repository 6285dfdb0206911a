using System.Net.WebSockets;

namespace Shop;

/// <summary>The shop's counter: whoever comes to <c>/chat</c> by WebSocket hears each message again, as the shop understood it.</summary>
internal static class ChatEndpoint
{
    private const int LongestMessage = 64 * 1024;

    public static void Map(WebApplication app) => app.Map("/chat", async context =>
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await EchoAsync(socket, context.RequestAborted);
    });

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancel)
    {
        var buffer = new byte[LongestMessage];
        try
        {
            for (var length = 0; ;)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                length += part.Count;
                if (part.MessageType == WebSocketMessageType.Close || (length == buffer.Length && !part.EndOfMessage))
                {
                    await socket.CloseAsync(part.MessageType == WebSocketMessageType.Close ? WebSocketCloseStatus.NormalClosure : WebSocketCloseStatus.MessageTooBig, null, cancel);
                    return;
                }

                if (!part.EndOfMessage)
                    continue;
                await socket.SendAsync(buffer.AsMemory(0, length), part.MessageType, endOfMessage: true, cancel);
                length = 0;
            }
        }
        catch (WebSocketException)
        {
            // Gone without a word.
        }
    }
}
