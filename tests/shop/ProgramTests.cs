using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Shop.Tests;

public class ProgramTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task The_program_says_where_its_services_are_and_ends_when_asked_to()
    {
        using var program = Start("--all --port 0");
        var ready = JsonSerializer.Deserialize<Dictionary<string, Uri>>(await program.StandardOutput.ReadLineAsync(Stop) ?? "")!;
        using var http = new HttpClient();

        Assert.Equal(["gateway", "item", "cart", "order"], ready.Keys);
        foreach (var url in ready.Values)
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(url, "/health"), Stop)).StatusCode);

        using var kill = Process.Start("kill", $"-TERM {program.Id}");
        await program.WaitForExitAsync(Stop);
        Assert.Equal(0, program.ExitCode);
        Assert.Empty(await program.StandardOutput.ReadToEndAsync(Stop));
        Assert.Empty(await program.StandardError.ReadToEndAsync(Stop));
    }

    [Fact(Timeout = 30_000)]
    public async Task As_a_child_it_outlives_Ctrl_C_and_ends_with_its_parent()
    {
        using var program = Start("--role cart --port 0 --until-stdin-closes");
        var ready = JsonSerializer.Deserialize<Dictionary<string, Uri>>(await program.StandardOutput.ReadLineAsync(Stop) ?? "")!;
        using var http = new HttpClient();

        using (var interrupt = Process.Start("kill", $"-INT {program.Id}"))
            await interrupt.WaitForExitAsync(Stop);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(ready["cart"], "/health"), Stop)).StatusCode);

        program.StandardInput.Close();
        await program.WaitForExitAsync(Stop);
        Assert.Equal(0, program.ExitCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using var shop = await ShopHost.StartAsync(new ShopOptions { Roles = [ShopRole.Cart] });

        using var program = Start($"--role item --port {shop.Url(ShopRole.Cart).Port}");
        var error = await program.StandardError.ReadToEndAsync(Stop);
        await program.WaitForExitAsync(Stop);

        Assert.Equal(1, program.ExitCode);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Contains("already in use", error, StringComparison.Ordinal);
    }

    private static Process Start(string arguments) => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "shop"), arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
