using System.Net;
using System.Net.Sockets;

namespace Pressure.Mirror;

/// <summary>Why listening failed, for people.</summary>
internal static class ListenFailure
{
    /// <summary>What is wrong and what to do.</summary>
    public static string Why(IPEndPoint listen, string option, Exception e) => SocketErrorOf(e) switch
    {
        SocketError.AddressAlreadyInUse => $"Something listens on {listen} already. Choose another port with {option}.",
        SocketError.AddressNotAvailable => $"{listen.Address} is no address of this machine. Choose another one with {option}.",
        SocketError.AccessDenied => $"Listening on {listen} is denied. Choose a port above 1023 with {option}, or run as root.",
        _ => $"The mirror can't listen on {listen}: {e.Message} Choose another address with {option}.",
    };

    private static SocketError? SocketErrorOf(Exception? e) => e switch
    {
        null => null,
        SocketException socket => socket.SocketErrorCode,
        _ => SocketErrorOf(e.InnerException),
    };
}
