using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>A value of a response that later steps of the iteration use as <c>{{variable}}</c>. A closed set.</summary>
public abstract record Extract
{
    private Extract(string variable) => Variable = variable;

    /// <summary>Name of the variable.</summary>
    public string Variable { get; }

    /// <summary>Number of the variable in the plan.</summary>
    internal int Index { get; init; }

    /// <summary>The value at a path in a JSON body; texts without quotes, maps and lists as JSON.</summary>
    public sealed record Json(string Variable, JsonPath Path) : Extract(Variable);

    /// <summary>The first group of the first match in the body's start; the whole match if the expression has no group.</summary>
    public sealed record Matching(string Variable, Regex Pattern) : Extract(Variable);

    /// <summary>The first header field of that name.</summary>
    public sealed record Header(string Variable, string Name) : Extract(Variable);

    /// <summary>The value of a cookie that the response sets.</summary>
    public sealed record Cookie(string Variable, string Name) : Extract(Variable);
}
