using System.Reflection;

namespace Pressure.Web.Access;

/// <summary>The script that installs an agent with one line: deploy/install-agent.sh with this service's address, pin and checksums in it.</summary>
internal static class InstallScript
{
    private static readonly string Template = Read("install-agent.sh");
    private static readonly string Unit = Read("pressure-agent.service");

    /// <summary>The script.</summary>
    /// <param name="server">Where the host reaches the service, e.g. <c>https://centre:5443</c>; checked, since it goes into a shell script.</param>
    /// <param name="pin">SHA-256 of the service's public key (SPKI), base64.</param>
    /// <param name="files">The programs that there are.</param>
    /// <exception cref="ArgumentException">The address is none.</exception>
    public static string Write(Uri server, string pin, IReadOnlyList<AgentFile> files)
    {
        if (!Takes(server))
            throw new ArgumentException($"{server} is no https address of a host.", nameof(server));
        var checksums = files.Select(f => $"    {f.Rid}) echo {f.Sha256} ;;");
        return Template
            .Replace("@CHECKSUMS@", string.Join('\n', checksums), StringComparison.Ordinal)
            .Replace("@UNIT@", Unit.TrimEnd(), StringComparison.Ordinal)
            .Replace("@SERVER@", server.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("@PIN@", pin, StringComparison.Ordinal);
    }

    /// <summary>Whether an address may get into a script that root runs: host names come with requests, so nothing but a host and a port.</summary>
    public static bool Takes(Uri server) =>
        server.Scheme == Uri.UriSchemeHttps && server.Authority.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']');

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
