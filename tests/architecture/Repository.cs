using System.Xml.Linq;

namespace Pressure.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Project> Projects { get; } = [.. Files("*.csproj").Select(f => new Project(f))];

    /// <summary>Files under version control's eyes: nothing that a build made.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f))
            .Where(f => !f.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "runs" || (part.StartsWith('.') && part.Length > 1)))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pressure.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Pressure.sln above " + AppContext.BaseDirectory);
    }
}

/// <summary>A project file.</summary>
internal sealed class Project
{
    private readonly XDocument _xml;

    public Project(string path)
    {
        Path = path;
        Name = System.IO.Path.GetFileNameWithoutExtension(path);
        _xml = XDocument.Load(System.IO.Path.Combine(Repository.Root, path));
    }

    public string Path { get; }

    public string Name { get; }

    public bool IsForTests => Path.StartsWith("tests/", StringComparison.Ordinal);

    public IReadOnlyList<string> References =>
        [.. Elements("ProjectReference").Select(r => System.IO.Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!))];

    public IEnumerable<XElement> Elements(string name) => _xml.Descendants().Where(e => e.Name.LocalName == name);
}
