using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>A folder that notes are left in, or a file that fills a disk; struck as long as anything lies in it.</summary>
internal sealed class StruckFolder(string kind, JsonObject arguments, string argument) : IStruck
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pressure-struck-");

    public string Kind => kind;

    public JsonObject Arguments => new(arguments.DeepClone().AsObject().Append(KeyValuePair.Create<string, JsonNode?>(argument, _folder.FullName)).Select(a => KeyValuePair.Create(a.Key, a.Value?.DeepClone())));

    /// <summary>Notes, each some time after the one before.</summary>
    public static StruckFolder Notes(bool byProgram, int pace) => new(byProgram ? "note-by-program" : "note", new JsonObject { ["notes"] = "3", ["pace"] = $"{pace}ms" }, "folder");

    /// <summary>A file of a few megabytes.</summary>
    public static StruckFolder Filled() => new("host-disk-fill", new JsonObject { ["bytes"] = "4MiB" }, "path");

    public Task<FaultTarget> TargetAsync() => Task.FromResult<FaultTarget>(new FaultTarget.Host("here"));

    public Task<bool> IsStruckAsync() => Task.FromResult(_folder.EnumerateFileSystemInfos().Any());

    public void Dispose() => _folder.Delete(recursive: true);
}
