using System.Text;
using System.Text.Json;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary><c>pressure capture</c>: made, shown, exported and made again of what was exported.</summary>
public class CaptureTests
{
    private const string Separator = "\n🐵🙈🙉\n";

    private static readonly string Recorded = string.Concat(Enumerable.Range(1, 20).Select(i =>
        $"1 id{i} {1_767_225_600_000_000_000 + (i * 1_000_000L)} 0\nGET /item/{i}?api_key=hushkey HTTP/1.1\r\nHost: shop.example\r\nCookie: sid=hushcookie\r\n\r\n{Separator}" +
        $"2 id{i} {1_767_225_600_000_400_000 + (i * 1_000_000L)} 100000\nHTTP/1.1 {(i % 5 == 0 ? "404 Not Found" : "200 OK")}\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{{\"token\":\"hushtoken\"}}{Separator}"));

    [Fact(Timeout = 120_000)]
    public async Task A_capture_goes_through_every_format_and_holds_no_secret()
    {
        using var program = new PressureProgram();
        await File.WriteAllTextAsync(In(program, "a.gor"), Recorded, Encoding.UTF8, TestContext.Current.CancellationToken);

        var made = await Done(program, "capture", "import", "a.gor", "--out", "a.capture");
        Assert.Contains("a.capture: 20 exchanges of 20 connections", made, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", await File.ReadAllTextAsync(In(program, "a.capture"), Encoding.Latin1, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        foreach (var (from, to) in new[] { ("a.capture", "b.pcapng"), ("b.capture", "c.har"), ("c.capture", "d.gor.gz") })
        {
            await Done(program, "capture", "export", from, "--to", to);
            await Done(program, "capture", to, "--out", $"{to[0]}.capture", "--compress", "--quiet");
        }

        var shown = JsonDocument.Parse(await Done(program, "capture", "show", "d.capture", "--json")).RootElement;
        var capture = shown.GetProperty("capture");
        Assert.Equal((20, true), (capture.GetProperty("exchanges").GetInt32(), capture.GetProperty("complete").GetBoolean()));
        Assert.Equal("/item/{id}", capture.GetProperty("endpoints")[0].GetProperty("path").GetString());
        Assert.Equal("GET /item/1?api_key=***", shown.GetProperty("first")[0].GetProperty("request").GetString());
        var packets = JsonDocument.Parse(await Done(program, "capture", "show", "b.capture", "--json")).RootElement.GetProperty("capture").GetProperty("accounts");
        Assert.True(packets.GetProperty("balanced").GetBoolean());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_filter_says_what_it_left_out_and_without_masks_everything_is_there()
    {
        using var program = new PressureProgram();
        await File.WriteAllTextAsync(In(program, "a.gor"), Recorded, Encoding.UTF8, TestContext.Current.CancellationToken);

        var made = await Done(program, "capture", "a.gor", "--out", "a.capture", "--filter-status", "2xx", "--filter-except", "/item/1*", "--no-mask", "--json");

        var capture = JsonDocument.Parse(made).RootElement.GetProperty("capture");
        // Eleven of the items begin with 1; of the other nine two were not found.
        Assert.Equal((7, 2), (capture.GetProperty("exchanges").GetInt32(), capture.GetProperty("leftOut").GetProperty("status").GetInt32()));
        Assert.Equal(11, capture.GetProperty("leftOut").GetProperty("path").GetInt32());
        Assert.Contains("hushcookie", await File.ReadAllTextAsync(In(program, "a.capture"), Encoding.Latin1, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_wrong_is_told_at_once_and_nothing_is_written()
    {
        using var program = new PressureProgram();
        await File.WriteAllTextAsync(In(program, "notes.txt"), "hello", TestContext.Current.CancellationToken);

        var options = await program.Start("capture", "notes.txt", "--out", "x.capture", "--sample", "0%", "--mask", "everything", "--port", "99999").EndAsync();
        var content = await program.Start("capture", "notes.txt", "--out", "x.capture").EndAsync();
        var overwriting = await program.Start("capture", "export", "notes.txt", "--to", "notes.txt").EndAsync();

        Assert.Equal((2, 2, 2), (options.ExitCode, content.ExitCode, overwriting.ExitCode));
        Assert.Contains("3 problems; nothing was written.", options.Error, StringComparison.Ordinal);
        Assert.Contains("notes.txt, byte 0: it is no capture", content.Error, StringComparison.Ordinal);
        Assert.Contains("is read itself", overwriting.Error, StringComparison.Ordinal);
        Assert.Equal(["notes.txt"], Directory.GetFiles(program.Folder).Select(Path.GetFileName));
    }

    private static string In(PressureProgram program, string name) => Path.Combine(program.Folder, name);

    private static async Task<string> Done(PressureProgram program, params string[] arguments)
    {
        var ended = await program.Start(arguments).EndAsync();
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', arguments)}: {ended.Error}");
        return ended.Output;
    }
}
