using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>What the differences of a JSON value are grouped by: its path, with what differs from answer to answer left out.</summary>
internal static class FieldName
{
    /// <summary>Any index is <c>[*]</c>, and a name that is somebody's id is <c>.*</c>: a map by ids would have a field for each of them.</summary>
    public static string Of(List<PathStep> path)
    {
        var name = new StringBuilder("$");
        foreach (var step in path)
        {
            if (name.Length > Excerpt.LongestField)
                break;
            if (step.Name is not { } property)
                name.Append("[*]");
            else if (IsId(property))
                name.Append(".*");
            else if (IsPlain(property))
                name.Append('.').Append(property);
            else
                name.Append("['").Append(property).Append("']");
        }
        return Excerpt.Of(name.ToString(), Excerpt.LongestField);
    }

    private static bool IsPlain(string name) => name.Length > 0 && !char.IsDigit(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '$');

    /// <summary>A number, a UUID, or a long hexadecimal one.</summary>
    private static bool IsId(string name) =>
        (name.Length > 0 && name.All(char.IsAsciiDigit)) || (name.Length >= 16 && name.Any(char.IsAsciiDigit) && name.All(c => char.IsAsciiHexDigit(c) || c == '-'));
}
