using System.Security.Cryptography;
using System.Text;

namespace Pressure.Record;

/// <summary>Ids of runs: unique, sortable, safe in a header and in a file name.</summary>
public static class RunId
{
    private const int LongestName = 40;

    /// <summary>A new one: <c>20261121-031500-shop-peak-4f2a</c>.</summary>
    /// <param name="name">The plan's or the experiment's name; what is no letter or digit of ASCII becomes a hyphen.</param>
    /// <param name="startedAt">When the run starts.</param>
    public static string New(string name, DateTimeOffset startedAt)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        var readable = slug.ToString().Trim('-');
        if (readable.Length > LongestName)
            readable = readable[..LongestName].TrimEnd('-');
        var unique = RandomNumberGenerator.GetHexString(4, lowercase: true);
        return $"{startedAt:yyyyMMdd-HHmmss}-{(readable.Length > 0 ? readable : "run")}-{unique}";
    }
}
