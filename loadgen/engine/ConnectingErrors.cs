using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>Which errors mean that there was no connection at all.</summary>
internal static class ConnectingErrors
{
    /// <summary>Whether the target (or the proxy) was not even reached. A user who finds nobody there does not knock again at once.</summary>
    public static bool IsOfConnecting(this RequestError error) => error is
        RequestError.DnsFailed or RequestError.ConnectRefused or RequestError.ConnectTimeout or RequestError.ConnectFailed or RequestError.PortsExhausted or RequestError.TlsFailed
        or RequestError.ProxyUnreachable or RequestError.ProxyRefused or RequestError.ProxyAuthRequired;
}
