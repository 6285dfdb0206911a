namespace Pressure.Deploy.Tests;

[Collection(nameof(PressureImage))]
public sealed class ImageTests(PressureImage image)
{
    [Fact]
    public async Task The_command_line_runs_in_the_image_without_root_and_without_a_writable_disk()
    {
        var (code, output, errors) = await image.RunAsync("pressure:test", "pv", "3000000");

        Assert.True(code == 0, errors);
        Assert.Contains("139", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_runs_as_nobody_in_particular()
    {
        var (code, output, errors) = await image.RunAsync("--entrypoint", "/bin/id", "pressure:test", "-u");

        Assert.True(code == 0, errors);
        Assert.Equal("10001", output.Trim());
    }

    [Fact]
    public async Task The_service_answers_in_the_image_and_ends_when_it_is_told_to()
    {
        var id = await Command.MustAsync("docker", image.Environment, "run", "--detach", "--network", "none", "--cap-drop", "ALL", "pressure:test");
        string answer;
        for (var tries = 0; ; tries++)
        {
            (var code, answer, var errors) = await Command.RunAsync("docker", image.Environment, "exec", id, "/bin/wget", "-q", "-O", "-", "http://127.0.0.1:5100/health");
            if (code == 0)
                break;
            if (tries == 60)
                Assert.Fail($"{errors}\n{await Command.MustAsync("docker", image.Environment, "logs", id)}");
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }

        Assert.Contains("\"status\"", answer, StringComparison.Ordinal);
        await Command.MustAsync("docker", image.Environment, "stop", "--time", "30", id);
        Assert.Equal("0", await Command.MustAsync("docker", image.Environment, "inspect", "--format", "{{.State.ExitCode}}", id));
    }

    [Fact]
    public async Task Without_a_base_image_building_says_what_to_give()
    {
        var (code, _, errors) = await Command.RunAsync(Path.Combine(PressureImage.Root, "build/image.sh"), null);

        Assert.Equal(2, code);
        Assert.Contains("--base BASE", errors, StringComparison.Ordinal);
    }
}
