using Microsoft.Win32.SafeHandles;

namespace Pressure.Faults;

/// <summary>A network namespace, held open: as long as this is there it is this one, whatever becomes of the process that it was found by.</summary>
internal sealed class NetworkPlace : IDisposable
{
    private readonly SafeFileHandle _handle;

    private NetworkPlace(SafeFileHandle handle, int? process) => (_handle, Process, Identity) = (handle, process, Named(Path(handle)) ?? "");

    /// <summary>The kernel's name for it: <c>net:[4026531840]</c>.</summary>
    public string Identity { get; }

    /// <summary>The process that it was found by; null for the own one.</summary>
    public int? Process { get; }

    /// <summary>The one that this process is in.</summary>
    public static string Own { get; } = Named("/proc/self/ns/net") ?? "";

    /// <summary>The open file, for system calls.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Opens the own one.</summary>
    public static NetworkPlace OfThisProcess() => Open("/proc/self/ns/net", null) ?? throw new FaultException("This process's network can't be opened: /proc/self/ns/net is missing.");

    /// <summary>Opens a process's; null if the process is gone.</summary>
    /// <exception cref="FaultException">It is denied.</exception>
    public static NetworkPlace? OfProcess(int process) => Open($"/proc/{process}/ns/net", process);

    /// <summary>Opens it by its name, by whichever process is in it; null if none is: then it has gone, with everything in it.</summary>
    public static NetworkPlace? Find(string identity, int? hint)
    {
        if (identity == Own)
            return OfThisProcess();
        if (hint is { } likely && OpenIf(likely, identity) is { } found)
            return found;
        return Processes().Select(p => OpenIf(p, identity)).FirstOrDefault(p => p is not null);
    }

    /// <summary>Runs a program of the system inside; whatever its exit code.</summary>
    public Task<SystemProgram.Result> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop, string? input = null) =>
        SystemProgram.RunAsync("nsenter", [Entry, program, .. arguments], stop, input);

    /// <summary>Runs a program of the system inside; its standard output.</summary>
    /// <exception cref="FaultException">It did not work.</exception>
    public async Task<string> DoAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop, string? input = null)
    {
        var result = await RunAsync(program, arguments, stop, input);
        if (result.Code == 0)
            return result.Output;
        throw new FaultException(result.Error.Contains($"failed to execute {program}", StringComparison.Ordinal)
            ? $"{program} is not installed. Install it (Debian: apt-get install iptables iproute2)."
            : $"{program} {string.Join(' ', arguments)} ended with {result.Code}: {result.Error}");
    }

    /// <summary>How <c>nsenter</c> is told of it.</summary>
    public string Entry => $"--net={Path(_handle)}";

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static string Path(SafeFileHandle handle) => $"/proc/{Environment.ProcessId}/fd/{handle.DangerousGetHandle()}";

    private static NetworkPlace? OpenIf(int process, string identity)
    {
        if (Named($"/proc/{process}/ns/net") != identity || OfProcess(process) is not { } place)
            return null;
        if (place.Identity == identity)
            return place;
        place.Dispose();
        return null;
    }

    private static NetworkPlace? Open(string path, int? process)
    {
        try
        {
            return new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), process);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new FaultException($"The network of process {process} is denied to this user. Run as root.", e);
        }
        catch (IOException)
        {
            // It died while it was being opened.
            return null;
        }
    }

    private static string? Named(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<int> Processes() =>
        new DirectoryInfo("/proc").EnumerateDirectories().Select(d => int.TryParse(d.Name, out var id) ? id : 0).Where(id => id > 0);
}
