using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>Name and password as RFC 7617 sends them.</summary>
internal static class BasicAuth
{
    /// <param name="user"><c>name:password</c>; without a colon the password is empty.</param>
    public static KeyValuePair<string, string> Header(string user) =>
        new("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user.Contains(':') ? user : user + ":")));
}
