namespace Pressure.Cli.Commands;

/// <summary>Secrets come from the environment or from files, since everybody on a machine sees command lines.</summary>
internal static class SecretFile
{
    private const int MostBytes = 64 * 1024;

    /// <summary>What a variable holds, else the file that the variable with <c>_FILE</c> behind names; null if neither is set.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be read.</exception>
    public static string? OfVariable(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            return value;
        return Environment.GetEnvironmentVariable(variable + "_FILE") is { Length: > 0 } file ? Read(file) : null;
    }

    /// <inheritdoc cref="OfVariable"/>
    public static string Read(string file)
    {
        if (new FileInfo(file) is { Exists: true, Length: > MostBytes })
            throw new IOException($"{file} is larger than {MostBytes} bytes: no secret is.");
        return File.ReadAllText(file);
    }
}
