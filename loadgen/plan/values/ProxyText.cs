namespace Pressure.LoadGen;

/// <summary>A proxy's URL: <c>http://user:password@host:port</c>. Complaints never repeat the text, since it may hold a password.</summary>
internal static class ProxyText
{
    private const string Remedy = "Write host and port, and a user if the proxy asks for one: http://127.0.0.1:3128 or http://user:password@127.0.0.1:3128.";

    public static Complaint? Parse(string text, out HttpProxy? proxy)
    {
        proxy = null;
        var trimmed = text.Trim();
        if (trimmed.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || trimmed.StartsWith("socks", StringComparison.OrdinalIgnoreCase))
            return new("is no http proxy", "Name a proxy that is spoken to over plain http; https targets go through it by CONNECT, encrypted from end to end.");
        if (!trimmed.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || trimmed.Any(c => char.IsControl(c) || c is '\\' or ' '))
            return new("is not a proxy's URL", Remedy);
        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.Port == 0 || url.PathAndQuery != "/" || url.Fragment.Length > 0)
            return new("is not a proxy's URL", Remedy);
        var user = url.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(url.UserInfo);
        if (user?.Contains(':', StringComparison.Ordinal) == false)
            return new("has a user name without a password", Remedy);
        if (user?.Any(char.IsControl) == true)
            return new("has a control character in user name or password", Remedy);
        try
        {
            proxy = new(new UriBuilder(Uri.UriSchemeHttp, url.IdnHost, url.Port).Uri, user);
            return null;
        }
        catch (UriFormatException)
        {
            return new("has a host name that the internet does not know", Remedy);
        }
    }
}
