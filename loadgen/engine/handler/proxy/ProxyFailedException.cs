using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>The proxy did not do its part. Crosses SocketsHttpHandler, which knows exceptions only.</summary>
internal sealed class ProxyFailedException(RequestError error, Exception? cause = null) : IOException($"The proxy failed: {error}", cause)
{
    /// <summary>What failed, in the record's terms.</summary>
    public RequestError Error => error;
}
