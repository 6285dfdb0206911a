using Pressure.Web.Api;
using Pressure.Web.Language;

namespace Pressure.Web.Forms;

/// <summary>What "try it once" shows under a URL: the answer, or why nothing was sent.</summary>
internal sealed record TriedPanel(TriedView? Answer, IReadOnlyList<string> Problems)
{
    /// <summary>Nothing was sent since the guard said no; the settings can change that.</summary>
    public bool Refused { get; init; }

    public bool Good => Answer is { Error: null };

    /// <summary>What failed, in plain words.</summary>
    public string? Error(Texts t) => Answer?.Error is { } error ? t[$"error.{error}"] : null;
}
