using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>Where redirects may lead: to what the plan presses itself, and to what may be pressed at all.</summary>
internal sealed class RedirectGuard(IEnumerable<Uri> planned, TargetGuard guard)
{
    private readonly HashSet<string> _planned = [.. planned.Select(u => u.GetLeftPart(UriPartial.Authority))];

    /// <summary>Judges a response with a status of 3xx: whether it is to be followed, or what is wrong with it.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="method">Of the request that it answers.</param>
    /// <param name="from">Where that was sent.</param>
    /// <param name="location">Its Location; empty if it has none.</param>
    /// <param name="left">How many redirects may still be followed.</param>
    /// <param name="redirect">Where it leads.</param>
    /// <param name="error">What is wrong with it.</param>
    public RedirectKind Judge(int status, string method, Uri from, ReadOnlySpan<byte> location, int left, out Redirect redirect, out RequestError error)
    {
        var kind = Redirect.Read(status, method, from, location, out redirect);
        error = kind switch
        {
            RedirectKind.Invalid => RequestError.RedirectInvalid,
            RedirectKind.Follow when left == 0 => RequestError.TooManyRedirects,
            RedirectKind.Follow when !Allows(redirect.Url) => RequestError.RedirectRefused,
            _ => RequestError.None,
        };
        return kind;
    }

    private bool Allows(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && (_planned.Contains(url.GetLeftPart(UriPartial.Authority)) || guard.Allows(url));
}
