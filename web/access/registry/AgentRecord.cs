using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>An enrolled agent as it stands on disk: <c>agents/ID/agent.json</c>.</summary>
/// <param name="Id">Made at its enrolment; also the name of its folder.</param>
/// <param name="Name">The host's name as plans have it; unique, whatever its case.</param>
/// <param name="Key">Its public key (SubjectPublicKeyInfo, ECDSA P-256): the credential.</param>
/// <param name="Labels">Given at its enrolment; those that it says itself come on top where these have none.</param>
/// <param name="EnrolledAt">The centre's clock.</param>
internal sealed record AgentRecord(string Id, string Name, byte[] Key, IReadOnlyDictionary<string, string> Labels, DateTimeOffset EnrolledAt)
{
    /// <summary>Labels that the agent said when it last connected.</summary>
    public IReadOnlyDictionary<string, string> Said { get; init; } = new Dictionary<string, string>();

    /// <summary>Version of its program when it last connected.</summary>
    public string Version { get; init; } = "";

    /// <summary>How it samples.</summary>
    public AgentSettings Settings { get; init; } = AgentSettings.Default;
}
