using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>What the machine lets an engine have.</summary>
public static class EngineLimits
{
    /// <summary>How many files, and so connections, this process may have open.</summary>
    public static long OpenFiles => Libc.OpenFileLimit();
}
