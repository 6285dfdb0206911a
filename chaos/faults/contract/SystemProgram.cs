using System.ComponentModel;
using System.Diagnostics;

namespace Pressure.Faults;

/// <summary>Runs a program of the system (<c>iptables</c>, <c>tc</c>, <c>nsenter</c>) to its end.</summary>
internal static class SystemProgram
{
    /// <summary>What it gave.</summary>
    /// <param name="Code">Its exit code.</param>
    /// <param name="Output">Its standard output.</param>
    /// <param name="Error">Its standard error, trimmed.</param>
    internal readonly record struct Result(int Code, string Output, string Error);

    /// <summary>Runs it; whatever its exit code.</summary>
    /// <exception cref="FaultException">It is not installed.</exception>
    public static async Task<Result> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Start(start, program);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var error = process.StandardError.ReadToEndAsync(stop);
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), stop);
            process.StandardInput.Close();
            await process.WaitForExitAsync(stop);
            return new(process.ExitCode, await output, (await error).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Runs it; its standard output.</summary>
    /// <exception cref="FaultException">It is not installed, or it did not work.</exception>
    public static async Task<string> DoAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop, string? input = null)
    {
        var result = await RunAsync(program, arguments, stop, input);
        return result.Code == 0 ? result.Output : throw new FaultException($"{program} {string.Join(' ', arguments)} ended with {result.Code}: {result.Error}");
    }

    private static Process Start(ProcessStartInfo start, string program)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new FaultException($"{program} can't be started: {e.Message}. Install it, or let {program} be on the PATH.", e);
        }
    }
}
