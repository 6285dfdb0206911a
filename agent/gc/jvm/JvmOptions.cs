namespace Pressure.Agent;

/// <summary>The options that a JVM was started with: those from its environment, then those before its main class.</summary>
internal static class JvmOptions
{
    /// <summary>Launcher options whose value is an argument of its own.</summary>
    private static readonly string[] WithValue =
        ["-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--add-modules", "--add-exports", "--add-opens", "--add-reads", "--limit-modules", "--patch-module"];

    /// <summary>All of them in the JVM's order; a later one outranks an earlier.</summary>
    /// <param name="commandLine">Its arguments, the program first.</param>
    /// <param name="environ">Its environment as the kernel shows it: <c>NAME=value</c>, each ended by a zero byte.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> commandLine, string environ)
    {
        var options = new List<string>();
        var variables = environ.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        AddVariable("JAVA_TOOL_OPTIONS");
        AddVariable("JDK_JAVA_OPTIONS");
        for (var n = 1; n < commandLine.Count; n++)
        {
            var argument = commandLine[n];
            if (argument is "-jar" or "-m" or "--module" || !argument.StartsWith('-'))
                break;
            options.Add(argument);
            if (WithValue.Contains(argument))
                n++;
        }

        AddVariable("_JAVA_OPTIONS");
        return options;

        void AddVariable(string name)
        {
            foreach (var variable in variables.Where(v => v.StartsWith(name + "=", StringComparison.Ordinal)))
                options.AddRange(variable[(name.Length + 1)..].Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(o => o.Trim('"', '\'')));
        }
    }
}
