using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What people call a process.</summary>
internal static class ProcessName
{
    /// <summary>Options of the Java launcher whose value is an argument of its own.</summary>
    private static readonly string[] JavaOptionsWithValue =
    [
        "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--add-modules", "--add-opens", "--add-exports",
        "--add-reads", "--limit-modules", "--patch-module", "--enable-native-access", "--source",
    ];

    /// <summary><c>dotnet orders.dll</c> is <c>orders</c>, <c>java -jar item.jar</c> is <c>item</c>, <c>java shop.Main</c> is <c>Main</c>; else its program's or command's name.</summary>
    /// <param name="arguments">Its arguments, the program first.</param>
    /// <param name="command">As the kernel names it.</param>
    /// <param name="runtime">Its runtime.</param>
    public static string Of(IReadOnlyList<string> arguments, string command, GcRuntime? runtime)
    {
        var name = runtime switch
        {
            GcRuntime.Dotnet => Assembly(arguments),
            GcRuntime.Jvm => Java(arguments),
            _ => null,
        };
        return name is { Length: > 0 } ? name : Program(arguments, command);
    }

    private static string Program(IReadOnlyList<string> arguments, string command)
    {
        if (arguments.Count == 0)
            return command;
        // The kernel cuts long names; a program that writes a title of its own there ("nginx: worker process") is called as the kernel calls it.
        var program = FileName(arguments[0]);
        return program.StartsWith(command, StringComparison.Ordinal) && !program.Contains(' ') ? program : command;
    }

    private static string? Assembly(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            return null;
        var program = FileName(arguments[0]);
        if (program != "dotnet")
            return program;
        return arguments.Skip(1).FirstOrDefault(a => a.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)) is { } assembly ? FileName(assembly)[..^4] : null;
    }

    private static string? Java(IReadOnlyList<string> arguments)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument is "-jar" or "-m" or "--module" || argument.StartsWith("--module=", StringComparison.Ordinal))
            {
                var value = argument.StartsWith("--module=", StringComparison.Ordinal) ? argument["--module=".Length..] : i + 1 < arguments.Count ? arguments[i + 1] : "";
                return argument == "-jar" ? Without(FileName(value), ".jar") : Class(value);
            }
            if (JavaOptionsWithValue.Contains(argument))
                i++;
            else if (argument.Length > 0 && argument[0] is not ('-' or '@'))
                return argument.EndsWith(".java", StringComparison.Ordinal) ? Without(FileName(argument), ".java") : Class(argument);
        }
        return null;
    }

    /// <summary>The simple name of <c>module/package.Class</c>.</summary>
    private static string Class(string name)
    {
        var main = FileName(name);
        return main[(main.LastIndexOf('.') + 1)..];
    }

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Without(string name, string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? name[..^ending.Length] : name;
}
