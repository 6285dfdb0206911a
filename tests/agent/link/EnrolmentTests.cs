using System.Security.Cryptography;
using System.Text.Json;
using Pressure.Agent.Program;

namespace Pressure.Agent.Tests.Link;

public sealed class EnrolmentTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TestStore _store = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task An_enrolled_agent_has_a_key_of_its_own_that_only_it_can_read()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);

        Assert.Equal(0, await EnrolAsync(centre, centre.Pin));

        var identity = AgentIdentity.Read(_folder.Path)!;
        Assert.Equal(("agent-1", "host-7", "orders"), (identity.Agent, identity.Name, identity.Labels["service"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("agent.json")));
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_store.Keys["agent-1"], out _);
        byte[] text = [1, 2, 3];
        Assert.True(key.VerifyData(text, identity.Sign(text), HashAlgorithmName.SHA256));
        Assert.DoesNotContain(Convert.ToBase64String(identity.Key), Assert.Single(centre.Enrolments), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("key.new")));
    }

    [Fact]
    public async Task A_server_with_another_key_is_not_told_the_token()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        using var other = new TestAuthority();
        using var certificate = other.Server();

        Assert.Equal(3, await EnrolAsync(centre, KeyPin.Of(certificate).Text));

        Assert.Empty(centre.Enrolments);
        Assert.Contains("is not the service that made the token", _errors.ToString(), StringComparison.Ordinal);
        Assert.Null(AgentIdentity.Read(_folder.Path));
    }

    [Fact]
    public async Task A_refused_token_is_told_in_the_services_own_words()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        centre.Refusal = "The token has expired.";

        Assert.Equal(3, await EnrolAsync(centre, centre.Pin));

        Assert.Contains("The token has expired.", _errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_again_after_a_lost_answer_shows_the_same_key()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        centre.Refusal = "Not now.";
        await EnrolAsync(centre, centre.Pin);
        centre.Refusal = null;
        await EnrolAsync(centre, centre.Pin);

        var keys = centre.Enrolments.Select(e => JsonDocument.Parse(e).RootElement.GetProperty("publicKey").GetString());
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_with_what_to_look_at()
    {
        var centre = await TestCentre.StartAsync(_store, _authority);
        var pin = centre.Pin;
        await centre.DisposeAsync();

        Assert.Equal(1, await EnrolAsync(centre, pin));

        Assert.Contains("can't be reached", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_whose_agent_runs_is_left_alone()
    {
        await using var centre = await TestCentre.StartAsync(_store, _authority);
        using var held = RingLock.TryTake(_folder.Path);

        Assert.Equal(2, await EnrolAsync(centre, centre.Pin));

        Assert.Empty(centre.Enrolments);
    }

    private Task<int> EnrolAsync(TestCentre centre, string pin)
    {
        var read = AgentArguments.Read(["enrol", "--server", centre.Url.ToString(), "--token", $"pressure1.c2VjcmV0.{pin}", "--name", "host-7", "--label", "service=orders", "--data", _folder.Path], "me");
        return EnrolVerb.RunAsync(Assert.IsType<AgentArguments.Enrol>(read), _output, _errors, CancellationToken.None);
    }
}
