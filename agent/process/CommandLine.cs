using System.Text;

namespace Pressure.Agent;

/// <summary>A process's arguments, from <c>/proc/PID/cmdline</c>, and its environment, from <c>/proc/PID/environ</c>: texts with a zero byte between them.</summary>
internal static class CommandLine
{
    /// <summary>More is not kept: class paths can be as long as a novel, and nobody asks for them.</summary>
    private const int MaxArguments = 512, MaxArgumentBytes = 4096;

    /// <summary>The arguments, the program first; none for a thread of the kernel.</summary>
    public static IReadOnlyList<string> Parse(ReadOnlySpan<byte> text)
    {
        var arguments = new List<string>();
        while (!text.IsEmpty && arguments.Count < MaxArguments)
        {
            var argument = Cut(ref text);
            arguments.Add(Encoding.UTF8.GetString(argument[..Math.Min(argument.Length, MaxArgumentBytes)]));
        }
        return arguments;
    }

    /// <summary>A variable of an environment; null if it is not set.</summary>
    public static string? Variable(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> nameAndEquals)
    {
        while (!environment.IsEmpty)
        {
            var variable = Cut(ref environment);
            if (variable.StartsWith(nameAndEquals))
                return Encoding.UTF8.GetString(variable[nameAndEquals.Length..]);
        }
        return null;
    }

    private static ReadOnlySpan<byte> Cut(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)0);
        var first = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return first;
    }
}
