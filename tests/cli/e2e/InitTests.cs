using System.Diagnostics;
using System.Text.Json;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Plans to start from: written, never over another file, and good for the sample shop as they stand.</summary>
public class InitTests
{
    [Fact(Timeout = 120_000)]
    public async Task Every_template_gets_a_good_answer_to_each_of_its_requests_from_the_shop()
    {
        using var shop = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "shop.dll"), "--all", "--port", "0", "--until-stdin-closes"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        var urls = JsonDocument.Parse((await shop.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!).RootElement;
        using var program = new PressureProgram();
        var names = await NamesAsync(program);

        foreach (var name in names)
        {
            await IsDone(program, "init", name, "--target", urls.GetProperty("gateway").GetString()!);
            var file = Path.Combine(program.Folder, $"{name}.yaml");
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            foreach (var (address, service) in new[] { ("http://127.0.0.1:5081", "item"), ("http://127.0.0.1:5082", "cart"), ("http://127.0.0.1:5083", "order") })
                text = text.Replace(address, urls.GetProperty(service).GetString()!.TrimEnd('/'));
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

            await IsDone(program, "run", $"{name}.yaml", "--once");
        }

        shop.StandardInput.Close();
        await shop.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(7, names.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_is_overwritten_only_when_forced()
    {
        using var program = new PressureProgram();
        var mine = Path.Combine(program.Folder, "load.yaml");
        await File.WriteAllTextAsync(mine, "mine", TestContext.Current.CancellationToken);

        var refused = await program.Start("init", "load").EndAsync();
        Assert.Equal((2, "mine"), (refused.ExitCode, File.ReadAllText(mine)));
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);

        await IsDone(program, "init", "load", "--force");
        Assert.Contains("name: load", File.ReadAllText(mine), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Did you mean 'stress'?", "init", "stres")]
    [InlineData("init --list", "init")]
    [InlineData("--target: ", "init", "load", "--target", "shop")]
    [InlineData("can't be written", "init", "load", "--out", "no/such/folder/plan.yaml")]
    public async Task What_makes_no_sense_is_told_with_a_remedy(string told, params string[] arguments)
    {
        using var program = new PressureProgram();

        var ended = await program.Start(arguments).EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(told, ended.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_template_can_go_to_standard_output()
    {
        using var program = new PressureProgram();

        var ended = await IsDone(program, "init", "full-link", "--out", "-");

        Assert.StartsWith("# Full-link test", ended.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(program.Folder));
    }

    private static async Task<List<string>> NamesAsync(PressureProgram program) =>
        [.. JsonDocument.Parse((await IsDone(program, "init", "--list", "--json")).Output).RootElement.EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];

    private static async Task<Ended> IsDone(PressureProgram program, params string[] arguments)
    {
        var ended = await program.Start(arguments).EndAsync();
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', arguments)}: {ended.Output}{ended.Error}");
        return ended;
    }
}
