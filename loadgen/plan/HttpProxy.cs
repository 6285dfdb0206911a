using System.Text;

namespace Pressure.LoadGen;

/// <summary>The proxy that all requests of a plan go through.</summary>
/// <param name="Address">Scheme http, host and port; no user name.</param>
/// <param name="User">Name and password for it, <c>name:password</c>; null for none.</param>
public sealed record HttpProxy(Uri Address, string? User)
{
    /// <summary>The value of Proxy-Authorization (RFC 7617); null for none.</summary>
    internal string? Authorization { get; } = User is null ? null : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(User))}";

    /// <summary>The address alone: a password has no business in messages and logs.</summary>
    public override string ToString() => Address.AbsoluteUri;
}
