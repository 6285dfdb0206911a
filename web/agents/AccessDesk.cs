using System.Net;
using System.Text.Json;
using Pressure.Agent;
using Pressure.Web.Access;
using EnrolmentToken = Pressure.Web.Access.EnrolmentToken;

namespace Pressure.Web.Agents;

/// <summary>The desk of this service's own AccessServer.</summary>
internal sealed class AccessDesk(AccessServer access, AccessOptions options) : IAgentDesk
{
    // As long as the longest that an agent's commands take, and an answer's way.
    private static readonly TimeSpan LongestCommand = TimeSpan.FromSeconds(3_630);

    public bool IsOpen => true;

    public IReadOnlyList<EnrolmentToken> Tokens => access.Tokens.All;

    public MadeToken MakeToken(TimeSpan lifetime, string? name, IReadOnlyDictionary<string, string> labels, string askedAs)
    {
        var made = access.Tokens.Create(lifetime, name, labels);
        var server = new UriBuilder(Uri.UriSchemeHttps, ServerName(askedAs), access.Port).Uri.GetLeftPart(UriPartial.Authority);
        // -k is safe here: curl accepts no other key than the pinned one.
        return new MadeToken(made.Token, made.Text, $"curl -fsSk --pinnedpubkey 'sha256//{access.CurlPin}' {server}/install.sh | sh -s -- --token {made.Text}");
    }

    public bool RemoveToken(string id) => access.Tokens.Remove(id);

    public bool Set(string id, AgentSettings settings) => access.Set(id, settings);

    public bool Revoke(string id) => access.Revoke(id);

    public string? OfferedVersion => access.OfferedVersion();

    public Task<Frame.Result> UpgradeAsync(string name, CancellationToken stop) => access.UpgradeAsync(name, stop);

    public Task<Frame.Result> SendAsync(string name, string command, JsonElement? body, CancellationToken stop) => access.SendAsync(name, command, body, LongestCommand, stop);

    /// <summary>By what name hosts reach this service: as told, else where it listens, else as whoever asks reaches it, else the machine's own.</summary>
    private string ServerName(string askedAs)
    {
        if (options.Names is [var told, ..])
            return told;
        if (Uri.TryCreate(options.Url, UriKind.Absolute, out var listens) && !(IPAddress.TryParse(listens.DnsSafeHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))))
            return listens.Host;
        return askedAs is "localhost" || (IPAddress.TryParse(askedAs.Trim('[', ']'), out var own) && IPAddress.IsLoopback(own)) ? Environment.MachineName : askedAs;
    }
}
