using System.Diagnostics;
using System.Formats.Tar;

namespace Pressure.Deploy.Tests;

/// <summary>A base image out of this machine's own files: the loader, the libraries that .NET asks for, OpenSSL, SQLite, busybox, and nothing else.</summary>
internal static class BaseImage
{
    private static readonly string[] Libraries =
    [
        "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1", "libssl.so.3", "libcrypto.so.3", "libsqlite3.so.0",
        "libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2",
    ];

    /// <summary>Writes it as a tar file that <c>docker import</c> takes.</summary>
    public static void Write(string file)
    {
        using var tar = new TarWriter(File.Create(file));
        foreach (var folder in (string[])["bin", "etc", "etc/ssl", "etc/ssl/certs", "lib", "lib64", "lib/x86_64-linux-gnu", "opt", "proc", "run", "sys", "dev", "usr", "usr/bin", "var", "var/lib"])
            tar.WriteEntry(Folder(folder, Convert.ToInt32("755", 8)));
        tar.WriteEntry(Folder("tmp", Convert.ToInt32("1777", 8)));
        Text(tar, "etc/passwd", "root:x:0:0::/:/bin/sh\npressure:x:10001:10001::/var/lib/pressure:/bin/sh\n");
        Text(tar, "etc/nsswitch.conf", "hosts: files dns\n");
        Copy(tar, "/lib64/ld-linux-x86-64.so.2", "lib64/ld-linux-x86-64.so.2");
        foreach (var library in Libraries)
            Copy(tar, $"/lib/x86_64-linux-gnu/{library}", $"lib/x86_64-linux-gnu/{library}");
        Copy(tar, "/bin/busybox", "bin/busybox");
        foreach (var applet in (string[])["sh", "test", "id", "cat", "wget", "sleep"])
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
    }

    private static PaxTarEntry Folder(string name, int mode) => new(TarEntryType.Directory, name) { Mode = (UnixFileMode)mode };

    private static void Text(TarWriter tar, string name, string text) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Mode = (UnixFileMode)Convert.ToInt32("644", 8) });

    /// <summary>What a link leads to, under the link's name.</summary>
    private static void Copy(TarWriter tar, string from, string to)
    {
        using var content = File.OpenRead(File.ResolveLinkTarget(from, returnFinalTarget: true)?.FullName ?? from);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, to) { DataStream = content, Mode = (UnixFileMode)Convert.ToInt32("755", 8) });
    }
}

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string program, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>The same for one that has to work; what it printed.</summary>
    public static async Task<string> MustAsync(string program, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(program, environment, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}\n{errors}");
        return output.Trim();
    }
}
