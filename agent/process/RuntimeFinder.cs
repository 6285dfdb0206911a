using System.Globalization;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Recognises runtimes that collect garbage from outside. What may not be looked at is not recognised.</summary>
internal sealed class RuntimeFinder(KernelFiles files)
{
    /// <summary>Both runtimes have a few threads of their own before they run anything; most other processes have fewer and need no further look.</summary>
    private const int FewestThreads = 3, FewestThreadsOfJvm = 8;

    /// <summary>Looking through all that a process has mapped costs a millisecond: a few times in its life are enough.</summary>
    private const int LooksAtMaps = 4;

    /// <summary>The runtime of a process; null if it has none that we know.</summary>
    public GcRuntime? Find(SeenProcess process, in ProcessStat stat, int namespacePid)
    {
        if (stat.Threads < FewestThreads)
            return null;
        if (IsJava(process.Folder))
            return GcRuntime.Jvm;
        if (HasSocket(process.Folder, "/tmp", namespacePid, stat.Start))
            return GcRuntime.Dotnet;
        if (CommandLine.Variable(files.Read(process.Folder + "/environ"), "TMPDIR="u8) is { Length: > 1 } folder && folder[0] == '/' && HasSocket(process.Folder, folder, namespacePid, stat.Start))
            return GcRuntime.Dotnet;
        var mayEmbed = stat.Threads >= FewestThreadsOfJvm && process.Looks <= LooksAtMaps;
        return mayEmbed && files.Contains(process.Folder + "/maps", "/libjvm.so"u8) ? GcRuntime.Jvm : null;
    }

    /// <summary>Its id as it knows it itself.</summary>
    public int NamespacePid(string folder, int pid)
    {
        var words = new Words(KernelText.Line(files.Read(folder + "/status"), "NSpid:"u8));
        var last = pid;
        while (words.Next() is { IsEmpty: false } word)
            last = (int)Math.Min(KernelText.Number(word), int.MaxValue);
        return last > 0 ? last : pid;
    }

    private static bool IsJava(string folder) =>
        new FileInfo(folder + "/exe").LinkTarget is { } program && Path.GetFileName(program.AsSpan()) is "java" or "java (deleted)";

    /// <remarks>The runtime names its socket after the process's id and start, so that one left by a killed process with the same id (1, in a container) is not taken for it.</remarks>
    private static bool HasSocket(string process, string folder, int namespacePid, long start) =>
        File.Exists(string.Create(CultureInfo.InvariantCulture, $"{process}/root{folder.TrimEnd('/')}/dotnet-diagnostic-{namespacePid}-{start}-socket"));
}
