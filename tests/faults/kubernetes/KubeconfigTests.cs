using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Faults.Tests;

public sealed class KubeconfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Yaml_as_kubectl_writes_it_is_read()
    {
        var read = KubeconfigText.Read("""
            # made by a tool
            apiVersion: v1
            clusters:
            - cluster:
                server: https://10.0.0.1:6443   # with a comment
                certificate-authority: ca.crt
              name: 'one''s'
            - name: two
              cluster: {}
            current-context: "a b"
            list:
              - plain
              - https://x:1
            nothing:
            none: null
            """);

        Assert.Equal("""{"apiVersion":"v1","clusters":[{"cluster":{"server":"https://10.0.0.1:6443","certificate-authority":"ca.crt"},"name":"one's"},{"name":"two","cluster":{}}],"current-context":"a b","list":["plain","https://x:1"],"nothing":null,"none":null}""",
            JsonNode.Parse(read.ToJsonString())!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData("a: {b: c}", 1)]
    [InlineData("a: b\nc: |\n  text", 2)]
    [InlineData("a: &x b", 1)]
    [InlineData("a: b\n   c: d", 2)]
    [InlineData("just text", 1)]
    public void What_it_does_not_know_is_told_with_its_line(string text, int line) =>
        Assert.Equal($"line {line} is not understood; write it as JSON (kubectl config view --raw --flatten -o json)", Assert.Throws<FormatException>(() => KubeconfigText.Read(text)).Message);

    [Fact]
    public void Wild_text_is_read_or_refused_and_nothing_else() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), ArbMap.Default.ArbFor<string>(), (a, b) =>
        {
            try
            {
                KubeconfigText.Read($"{a}: {b}\n- {b}\n  {a}");
            }
            catch (FormatException)
            {
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("users:\n- name: me\n  user:\n    exec:\n      command: aws", "it gets its token from another program, which is not run here: put a token or a certificate in")]
    [InlineData("users: []", "it has no user 'me'")]
    public void What_can_not_be_used_is_told_in_words(string users, string why)
    {
        File.WriteAllText(_folder.File("config"), $"current-context: c\ncontexts:\n- name: c\n  context:\n    cluster: k\n    user: me\nclusters:\n- name: k\n  cluster:\n    server: https://127.0.0.1:1\n{users}\n");

        var trouble = Assert.Throws<KubernetesException>(() => KubernetesAccess.FromKubeconfig(_folder.File("config")));

        Assert.Equal($"The kubeconfig {_folder.File("config")} can't be used: {why}.", trouble.What);
    }
}
