using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Runs a program as an activity: its exit code, output and errors are what it gives, whatever the code is.</summary>
internal static class ProcessActivity
{
    private const int MostOutput = 256 * 1024;

    public static async Task<ActivityOutput> RunAsync(Provider.Process provider, TimeProvider time, CancellationToken stop)
    {
        if (Find(provider.Path) is not { } path)
            return new(null, $"the program {provider.Path} is not there, or must not be run; write its whole path, or install it");
        using var late = provider.Timeout is { } timeout ? new CancellationTokenSource(timeout, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var start = provider.CommandLine is { } line
            ? new ProcessStartInfo("/bin/sh", ["-c", $"{path} {line}"])
            : new ProcessStartInfo(path, provider.Arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start)!;
            using var killing = either.Token.UnsafeRegister(_ => Kill(process), null);
            process.StandardInput.Close();
            var output = ReadAsync(process.StandardOutput);
            var error = ReadAsync(process.StandardError);
            await process.WaitForExitAsync(either.Token);
            return new(new JsonObject { ["status"] = process.ExitCode, ["stdout"] = await output.WaitAsync(either.Token), ["stderr"] = await error.WaitAsync(either.Token) });
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(null, $"{provider.Path} took longer than {DurationText.Of(provider.Timeout!.Value)} and was killed");
        }
        catch (Win32Exception e)
        {
            return new(null, $"{provider.Path} can't be started: {e.Message}");
        }
    }

    // As the shell finds it: only along the path, never in the current folder.
    private static string? Find(string path)
    {
        if (path is ['~', '/', .. var below])
            path = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), below);
        if (path.Contains('/'))
            return IsProgram(path) ? path : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(f => f.Length > 0).Select(f => Path.Combine(f, path)).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static async Task<string> ReadAsync(StreamReader from)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            // Read to the end, so that the program is not held up, and kept as far as it is worth it.
            if (text.Length < MostOutput)
                text.Append(buffer, 0, Math.Min(read, MostOutput - text.Length));
        }
        return text.ToString();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself in the meantime.
        }
    }
}
