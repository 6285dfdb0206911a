using System.Text.Json;
using Pressure.Agent;
using EnrolmentToken = Pressure.Web.Access.EnrolmentToken;

namespace Pressure.Web.Agents;

/// <summary>What people do with agents.</summary>
internal interface IAgentDesk
{
    /// <summary>Whether agents can dial in to this service at all.</summary>
    bool IsOpen { get; }

    /// <summary>Tokens that can be used or were of late, the newest first.</summary>
    IReadOnlyList<EnrolmentToken> Tokens { get; }

    /// <summary>Makes a token that enrols one host.</summary>
    /// <param name="lifetime">How long it can be used.</param>
    /// <param name="name">The name that the host will have; null for its own.</param>
    /// <param name="labels">Labels that it will have.</param>
    /// <param name="askedAs">Name or address by which whoever asks reaches the service.</param>
    /// <exception cref="ArgumentException">The lifetime, the name or a label is not right; the message says it for people.</exception>
    /// <exception cref="IOException">It can't be written.</exception>
    MadeToken MakeToken(TimeSpan lifetime, string? name, IReadOnlyDictionary<string, string> labels, string askedAs);

    /// <summary>Makes a token worthless; false if there is none of that id.</summary>
    bool RemoveToken(string id);

    /// <summary>Has an agent sample in another way; false if there is none of that id.</summary>
    /// <exception cref="ArgumentException">The settings are out of range; the message says it for people.</exception>
    /// <exception cref="IOException">They can't be written.</exception>
    bool Set(string id, AgentSettings settings);

    /// <summary>Takes an agent's credential away and forgets what it sent; false if there is none of that id.</summary>
    /// <exception cref="IOException">It can't be removed; it is enrolled still.</exception>
    bool Revoke(string id);

    /// <summary>The version of the agent's program that this service offers; null if it has none.</summary>
    string? OfferedVersion { get; }

    /// <summary>Has an agent replace itself by the offered version; <see cref="Frame.Result.Error"/> says for people why it did not.</summary>
    Task<Frame.Result> UpgradeAsync(string name, CancellationToken stop);

    /// <summary>Has an agent do something; <see cref="Frame.Result.Error"/> says for people what went wrong.</summary>
    Task<Frame.Result> SendAsync(string name, string command, JsonElement? body, CancellationToken stop);
}

/// <summary>A token that was just made.</summary>
/// <param name="Token">What it permits.</param>
/// <param name="Text">The secret, which can't be had a second time.</param>
/// <param name="Command">What to run on the host.</param>
internal sealed record MadeToken(EnrolmentToken Token, string Text, string Command);
