using System.Runtime.InteropServices;
using SQLitePCL;

namespace Pressure.Chaos;

/// <summary>The system's own SQLite library: it is patched with the system, where a bundled one grows old.</summary>
internal static class SystemSqlite
{
    private static readonly Lazy<bool> Provided = new(Provide);

    /// <summary>Lets everything that speaks SQLite use it.</summary>
    /// <exception cref="GuardBookException">It is not installed.</exception>
    public static void Use()
    {
        try
        {
            _ = Provided.Value;
        }
        catch (DllNotFoundException e)
        {
            throw new GuardBookException("The guards' book needs SQLite, and its library libsqlite3.so.0 is not installed. Install it: apt-get install libsqlite3-0", e);
        }
    }

    private static bool Provide()
    {
        var provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
        NativeLibrary.SetDllImportResolver(provider, (name, assembly, path) => name == "e_sqlite3" ? Load(assembly, path) : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        _ = raw.sqlite3_libversion_number();
        return true;
    }

    private static IntPtr Load(System.Reflection.Assembly assembly, DllImportSearchPath? path) =>
        OperatingSystem.IsMacOS() ? NativeLibrary.Load("libsqlite3.dylib", assembly, path)
        : OperatingSystem.IsWindows() ? NativeLibrary.Load("winsqlite3", assembly, path)
        : NativeLibrary.Load("libsqlite3.so.0", assembly, path);
}
