using System.Diagnostics;
using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

public sealed class LiveCaptureTests : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly TempFolder _folder = new();
    private readonly NginxInFolder _nginx;

    public LiveCaptureTests()
    {
        _nginx = new(_folder, """access_log off; server { listen 80; location / { return 200 "hello\n"; } }""", _network);
        Curl("--retry", "50", "--retry-connrefused", "--retry-delay", "0", Url("/"));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_passes_an_interface_is_in_the_capture_and_secrets_are_not()
    {
        using var program = new PressureProgram().Start("capture", "--interface", _network.Device, "--port", "80", "--out", "live.capture", "--json");
        await CapturingAsync(program);
        Curl("-H", "Authorization: Bearer hidden", Url("/item/1"), Url("/item/2"));
        Curl("-d", "a=b", Url("/order"));
        program.Signal("INT");
        var ended = await program.EndAsync();

        // Without an end of its own, Ctrl-C is how it ends.
        Assert.True(ended.ExitCode == 0, ended.Error);
        var document = JsonDocument.Parse(ended.Output).RootElement;
        Assert.Equal("stopped", document.GetProperty("end").GetString());
        Assert.Equal(3, document.GetProperty("capture").GetProperty("exchanges").GetInt64());
        var shown = await program.Start("capture", "show", "live.capture").EndAsync();
        Assert.Contains("GET /item/{id}", shown.Output, StringComparison.Ordinal);
        Assert.Contains("POST /order", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", await File.ReadAllTextAsync(Path.Combine(program.Folder, "live.capture"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task It_ends_by_itself_when_it_was_told_for_how_long()
    {
        using var program = new PressureProgram().Start("capture", "--interface", _network.Device, "--duration", "200ms", "--out", "live.capture");

        var ended = await program.EndAsync();

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("0 exchanges", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task All_that_is_wrong_with_its_options_is_said_at_once()
    {
        using var program = new PressureProgram().Start("capture", "--interface", "lo", "--duration", "soon", "--cpu", "200%", "--buffer", "1", "--port", "99999", "--out", "live.capture");

        var ended = await program.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        foreach (var option in (string[])["--duration", "--cpu", "--buffer", "--port"])
            Assert.Contains(option, ended.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("There are: ", "--interface", "nowhere")]
    [InlineData("man pcap-filter", "--interface", "lo", "--packets", "tcp prot 80")]
    [InlineData("an interface with --interface, or agents with --agent")]
    [InlineData("can't be read while something is captured live", "x.pcap", "--interface", "lo")]
    [InlineData("--requests-only: means nothing for files", "x.pcap", "--requests-only")]
    public async Task What_can_not_be_captured_is_told_with_what_to_do(string said, params string[] options)
    {
        using var program = new PressureProgram().Start(["capture", .. options, "--out", "live.capture"]);

        var ended = await program.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(program.Folder, "live.capture")));
    }

    public void Dispose()
    {
        _nginx.Dispose();
        _network.Dispose();
        _folder.Dispose();
    }

    // The file is there once the interface is open.
    private static async Task CapturingAsync(PressureProgram program)
    {
        while (!File.Exists(Path.Combine(program.Folder, "live.capture")))
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private static void Curl(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        curl.WaitForExit();
        Assert.True(curl.ExitCode == 0, curl.StandardError.ReadToEnd());
    }

    private string Url(string path) => $"http://{_network.There}{path}";
}
