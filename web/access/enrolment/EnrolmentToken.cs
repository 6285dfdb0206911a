namespace Pressure.Web.Access;

/// <summary>A permission to enrol one host, once. The secret itself is told when it is made and kept by nobody.</summary>
/// <param name="Id">To talk about it.</param>
/// <param name="Name">The name that the host will have; null for its own.</param>
/// <param name="Labels">Labels that it will have: <c>service</c>, <c>env</c>, <c>region</c>, ...</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record EnrolmentToken(string Id, string? Name, IReadOnlyDictionary<string, string> Labels, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>When it was used; null if it has not been.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>The agent that it made; null if it has not been used.</summary>
    public string? Agent { get; init; }
}

/// <summary>A new token with its text, which can't be had a second time.</summary>
/// <param name="Token">What it permits.</param>
/// <param name="Text"><c>pressure1.SECRET.PIN</c>; the pin is the SHA-256 of the service's key in base64url, as <c>curl --pinnedpubkey</c> wants it in base64.</param>
public sealed record NewEnrolmentToken(EnrolmentToken Token, string Text);

/// <summary>Why a token does not help.</summary>
public enum EnrolmentRefusal
{
    /// <summary>No such token.</summary>
    Unknown,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Another host has used it.</summary>
    Used,

    /// <summary>There are as many agents as the service takes.</summary>
    Full,
}
