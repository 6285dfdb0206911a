using System.Diagnostics;
using System.Globalization;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>Folders for rounds, and processes to be frozen; gone with it.</summary>
internal sealed class Place : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pressure-striker-");

    private readonly List<Process> _targets = [];

    public Place(int targets)
    {
        for (var i = 0; i < targets; i++)
            _targets.Add(Process.Start("sleep", "3600"));
        File.WriteAllLines(TargetsFile(Notes), _targets.Select(t => $"{t.Id}"));
    }

    public string State => Directory.CreateDirectory(Path.Combine(_root.FullName, "state")).FullName;

    public string Notes => Directory.CreateDirectory(Path.Combine(_root.FullName, "notes")).FullName;

    /// <summary>The processes that a controller freezes.</summary>
    public static IReadOnlyList<HostProcess> Targets(string notes) => [.. File.ReadAllLines(TargetsFile(notes)).Select(line => HostProcesses.Of(int.Parse(line, CultureInfo.InvariantCulture))!)];

    public void Dispose()
    {
        foreach (var target in _targets)
        {
            target.Kill();
            target.Dispose();
        }
        _root.Delete(recursive: true);
    }

    private static string TargetsFile(string notes) => Path.Combine(Path.GetDirectoryName(notes)!, "targets");
}
