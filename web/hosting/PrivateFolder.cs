namespace Pressure.Web.Hosting;

/// <summary>A folder that only this user may read.</summary>
internal static class PrivateFolder
{
    public static DirectoryInfo Ensure(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
