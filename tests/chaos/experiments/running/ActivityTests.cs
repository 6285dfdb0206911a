using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pressure.Chaos.Tests.Experiments.Running;

/// <summary>Programs and requests as they really run.</summary>
public sealed class ActivityTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static Task<ActivityOutput> Process(string path, params string[] arguments) => ProcessActivity.RunAsync(new(path, arguments, null), TimeProvider.System, Cancelled);

    [Fact]
    public async Task A_program_gives_its_code_and_what_it_said()
    {
        var (value, problem) = await Process("sh", "-c", "echo out; echo err >&2; exit 3");

        Assert.Null(problem);
        Assert.Equal("""{"status":3,"stdout":"out\n","stderr":"err\n"}""", value!.ToJsonString());
    }

    [Fact]
    public async Task A_line_of_arguments_is_read_by_the_shell()
    {
        var (value, _) = await ProcessActivity.RunAsync(new("echo", [], null) { CommandLine = "a 'b  c' $((1+1))" }, TimeProvider.System, Cancelled);

        Assert.Equal("a b  c 2\n", (string?)value!["stdout"]);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_killed_with_its_children()
    {
        using var folder = new TempFolder();
        var (_, problem) = await ProcessActivity.RunAsync(new("sh", ["-c", $"sh -c 'echo $$ > {folder.File("pid")}; sleep 100'; true"], TimeSpan.FromSeconds(1)), TimeProvider.System, Cancelled);

        Assert.Equal("sh took longer than 1s and was killed", problem);
        Assert.False(ProcFile.IsRunning(int.Parse(File.ReadAllText(folder.File("pid")))));
    }

    [Fact]
    public async Task A_program_that_is_not_there_or_is_none_is_told()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("text"), "no program");

        foreach (var path in new[] { "/nowhere/tool", "no-such-tool-at-all", folder.File("text") })
            Assert.Contains($"the program {path} is not there, or must not be run", (await Process(path)).Problem);
    }

    [Fact]
    public async Task A_program_that_talks_without_end_is_kept_as_far_as_it_is_worth_it()
    {
        var (value, _) = await Process("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x");

        Assert.Equal((0, 256 * 1024), ((int)value!["status"]!, ((string)value["stdout"]!).Length));
    }

    [Fact]
    public async Task A_request_gives_status_headers_and_body()
    {
        using var server = new OneAnswer("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nX-A: b\r\nContent-Length: 8\r\nConnection: close\r\n\r\n{\"a\": 1}");

        var (value, problem) = await HttpActivity.RunAsync(new($"http://127.0.0.1:{server.Port}/x?y=1", "GET", new Dictionary<string, string> { ["X-Token"] = "t" }, JsonNode.Parse("""{ "q": "a b", "n": [1, 2] }"""), null), TimeProvider.System, Cancelled);

        Assert.Null(problem);
        Assert.Equal((404, 1, "b"), ((int)value!["status"]!, (int)value["body"]!["a"]!, (string?)value["headers"]!["X-A"]));
        var asked = await server.Asked;
        Assert.StartsWith("GET /x?y=1&q=a%20b&n=1&n=2 HTTP/1.1\r\n", asked);
        Assert.Contains("X-Token: t\r\n", asked);
    }

    [Theory]
    [InlineData("""{ "a": "b c" }""", null, "a=b+c", "application/x-www-form-urlencoded")]
    [InlineData("""{ "a": 1 }""", "application/json", """{"a":1}""", "application/json")]
    [InlineData("\"text\"", null, "text", "text/plain")]
    public async Task What_is_sent_is_a_form_unless_it_is_said_to_be_JSON(string body, string? type, string sent, string asType)
    {
        using var server = new OneAnswer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var headers = type is null ? [] : new Dictionary<string, string> { ["Content-Type"] = type };

        await HttpActivity.RunAsync(new($"http://127.0.0.1:{server.Port}/", "POST", headers, JsonNode.Parse(body), null), TimeProvider.System, Cancelled);

        var asked = await server.Asked;
        Assert.EndsWith("\r\n\r\n" + sent, asked);
        Assert.Contains($"Content-Type: {asType}", asked);
    }

    [Fact]
    public async Task Nobody_there_and_nobody_answering_are_told()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;

        var (_, late) = await HttpActivity.RunAsync(new($"http://127.0.0.1:{port}/", "GET", new Dictionary<string, string>(), null, TimeSpan.FromMilliseconds(300)), TimeProvider.System, Cancelled);
        silent.Stop();
        var (_, refused) = await HttpActivity.RunAsync(new($"http://127.0.0.1:{port}/", "GET", new Dictionary<string, string>(), null, null), TimeProvider.System, Cancelled);

        Assert.Equal($"no answer from http://127.0.0.1:{port}/ within 300ms", late);
        Assert.StartsWith($"GET http://127.0.0.1:{port}/ failed: ", refused);
    }

    /// <summary>Answers one request with the same bytes.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OneAnswer(string answer)
        {
            _listener.Start();
            Asked = AnswerAsync(answer);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>What was asked.</summary>
        public Task<string> Asked { get; }

        public void Dispose() => _listener.Dispose();

        private async Task<string> AnswerAsync(string answer)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var asked = new StringBuilder();
            var buffer = new byte[4096];
            do
            {
                var read = await stream.ReadAsync(buffer);
                asked.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
            while (!IsWhole(asked.ToString()));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            return asked.ToString();
        }

        private static bool IsWhole(string asked)
        {
            var end = asked.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                return false;
            var length = asked.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)) is { } line ? int.Parse(line[16..]) : 0;
            return asked.Length >= end + 4 + length;
        }
    }
}
