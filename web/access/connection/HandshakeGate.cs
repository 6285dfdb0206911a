namespace Pressure.Web.Access;

/// <summary>
/// Lets a bounded number of handshakes go on side by side. Ten thousand agents that come back at once would otherwise slow each other down until none
/// is done in time; so those in front are done quickly and the others wait, costing a socket each.
/// </summary>
internal sealed class HandshakeGate(int most) : IDisposable
{
    private readonly SemaphoreSlim _places = new(most);

    public async Task<Place> EnterAsync(CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    /// <summary>A place, given back once.</summary>
    internal sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
                places.Release();
        }
    }
}
