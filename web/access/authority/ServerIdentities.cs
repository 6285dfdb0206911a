namespace Pressure.Web.Access;

/// <summary>What the service shows to agents now: looked at anew each day, so that a certificate is replaced before it ends.</summary>
internal sealed class ServerIdentities
{
    private static readonly TimeSpan Look = TimeSpan.FromDays(1);
    private readonly Func<ServerIdentity> _make;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private ServerIdentity _current;
    private long _looked;

    private ServerIdentities(Func<ServerIdentity> make, TimeProvider time) =>
        (_make, _time, _current, _looked) = (make, time, make(), time.GetTimestamp());

    public ServerIdentity Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_looked) < Look)
                    return _current;
                _looked = _time.GetTimestamp();
                try
                {
                    _current = _make();
                }
                catch (IOException)
                {
                    // The one at hand is good for some time yet; tomorrow again.
                }
                return _current;
            }
        }
    }

    /// <exception cref="IOException">The certificate or the authority can't be used.</exception>
    public static ServerIdentities Of(AccessOptions options, string folder, TimeProvider time)
    {
        if (options.CertificateFile is { } file)
            return new ServerIdentities(() => ServerIdentity.FromFile(file), time);
        var authority = new CertificateAuthority(folder, time);
        return new ServerIdentities(() => authority.Serve(CertificateNames.OfMachine(options.Names)), time);
    }
}
