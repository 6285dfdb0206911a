using System.IO.Enumeration;

namespace Pressure.LoadGen;

/// <summary>
/// Hosts to sample as a plan names them: <c>local</c>, <c>db1</c>, <c>db*</c>, <c>service=orders</c>. What a name means is found out when
/// the run starts. A closed set.
/// </summary>
public abstract record HostSelector
{
    private HostSelector()
    {
    }

    /// <summary>How it is written in a plan, on one line.</summary>
    public abstract string Text { get; }

    /// <summary>Its line in the plan, from 1.</summary>
    public int Line { get; init; } = 1;

    /// <summary>Its column in the plan, from 1.</summary>
    public int Column { get; init; } = 1;

    /// <summary>Whether it means a host with an agent.</summary>
    /// <param name="name">The host's name.</param>
    /// <param name="labels">The host's labels.</param>
    public abstract bool Matches(string name, IReadOnlyDictionary<string, string> labels);

    /// <summary>Reads one as <see cref="Text"/> writes it. Returns null, or what is wrong with it and what to do.</summary>
    public static string? TryParse(string text, out HostSelector selector) =>
        HostsReader.Parse(text, out selector) is { } complaint ? $"{complaint.Message}. {complaint.Remedy}" : null;

    /// <summary>The machine that makes the load.</summary>
    public sealed record Local : HostSelector
    {
        /// <summary>Its name in plans and records.</summary>
        public const string Name = "local";

        /// <inheritdoc/>
        public override string Text => Name;

        /// <inheritdoc/>
        public override bool Matches(string name, IReadOnlyDictionary<string, string> labels) => false;
    }

    /// <summary>Hosts by name, whatever its case; <c>*</c> stands for any letters.</summary>
    public sealed record Named(string Pattern) : HostSelector
    {
        /// <inheritdoc/>
        public override string Text => Pattern;

        /// <summary>Whether it means one host and no other.</summary>
        public bool IsExact => !Pattern.Contains('*');

        /// <inheritdoc/>
        public override bool Matches(string name, IReadOnlyDictionary<string, string> labels) =>
            IsExact ? name.Equals(Pattern, StringComparison.OrdinalIgnoreCase) : FileSystemName.MatchesSimpleExpression(Pattern, name);
    }

    /// <summary>Hosts that have all these labels.</summary>
    public sealed record Labelled(IReadOnlyList<KeyValuePair<string, string>> Labels) : HostSelector
    {
        /// <inheritdoc/>
        public override string Text => string.Join(',', Labels.Select(l => $"{l.Key}={l.Value}"));

        /// <inheritdoc/>
        public override bool Matches(string name, IReadOnlyDictionary<string, string> labels) =>
            Labels.All(l => labels.TryGetValue(l.Key, out var value) && value == l.Value);
    }
}
