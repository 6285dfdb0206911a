namespace Pressure.Faults;

/// <summary>Where the machine's chaos state lies: intents of faults, leases, the global stop, the guards' book. One folder for every program of a machine.</summary>
public static class StateFolder
{
    /// <summary><c>PRESSURE_CHAOS_DIR</c>, else <c>/var/lib/pressure/chaos</c> for root, else <c>~/.local/state/pressure/chaos</c>.</summary>
    public static string Usual =>
        Environment.GetEnvironmentVariable("PRESSURE_CHAOS_DIR") is { Length: > 0 } named ? Path.GetFullPath(named)
            : Environment.UserName == "root" ? "/var/lib/pressure/chaos"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "pressure", "chaos");

    /// <summary>Makes it, for its owner only.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be made.</exception>
    public static string Ensure(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }
}
