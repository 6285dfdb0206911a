using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Pressure.LoadGen.Engine;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine.Variables;

public sealed class TemplateTests : IDisposable
{
    private const string Evil = "a\"\\\r\nX: y&= /%?#商\t";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Escape.None, Evil)]
    [InlineData(Escape.Url, "a%22%5C%0D%0AX%3A%20y%26%3D%20%2F%25%3F%23%E5%95%86%09")]
    [InlineData(Escape.Header, "a\"\\X: y&= /%?#%E5%95%86\t")]
    [InlineData(Escape.Json, "a\\\"\\\\\\u000D\\u000AX: y&= /%?#商\\u0009")]
    [InlineData(Escape.JsonNumber, "\"a\\\"\\\\\\u000D\\u000AX: y&= /%?#商\\u0009\"")]
    internal void Values_are_harmless_where_they_go(Escape escape, string written) => Assert.Equal(written, Escaped(Encoding.UTF8.GetBytes(Evil), escape));

    [Theory]
    [InlineData("0", true)]
    [InlineData("-1.5e+7", true)]
    [InlineData("120", true)]
    [InlineData("007", false)]
    [InlineData("1.", false)]
    [InlineData("+1", false)]
    [InlineData("", false)]
    [InlineData("-", false)]
    [InlineData("1,2", false)]
    [InlineData("NaN", false)]
    [InlineData("1.e5", false)]
    public void Only_numbers_go_without_quotes(string value, bool bare) =>
        Assert.Equal(bare ? value : $"\"{value}\"", Escaped(Encoding.UTF8.GetBytes(value), Escape.JsonNumber));

    [Fact]
    public void Bytes_that_are_no_text_do_not_break_json() => Assert.Equal("a??", Escaped([(byte)'a', 0xC4, 0xE3], Escape.Json));

    [Theory]
    [InlineData("{{iteration}}", "42")]
    [InlineData("{{{iteration}}}", "{42}")]
    [InlineData("{{ a }}-{{t.a}}", "tea-tea")]
    [InlineData("{{base64:a}}", "dGVh")]
    [InlineData("{{base64:hash:md5:a}}", "NzIzOWVhMmI1ZGM5NDNmNjFmM2MwYTAyNzZjMjA5NzQ=")]
    [InlineData("{{now:yyyy}} {{now:unix}} {{now}}", "1970 1 1970-01-01T00:00:01.500Z")]
    [InlineData("{{number:b}}", "5")]
    [InlineData("no {{ slot", "no {{ slot")]
    public void Slots_are_filled(string text, string filled) => Assert.Equal(filled, Render(text, 42));

    [Fact]
    public void Hashes_are_those_of_the_value() =>
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("tea"u8)), Render("{{hash:sha256:a}}", 0));

    [Fact]
    public void Random_values_repeat_with_the_iteration_and_differ_by_place()
    {
        var uuid = Render("{{uuid}} {{uuid}}", 7);

        Assert.Equal(uuid, Render("{{uuid}} {{uuid}}", 7));
        Assert.NotEqual(uuid, Render("{{uuid}} {{uuid}}", 8));
        Assert.NotEqual(uuid[..36], uuid[37..]);
        Assert.Matches(new Regex("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} "), uuid);
        Assert.Equal(["-1", "0", "1"], Enumerable.Range(0, 200).Select(n => Render("{{random:-1..1}}", n)).Distinct().Order());
    }

    private string Render(string text, long number)
    {
        File.WriteAllText(_folder.File("t.csv"), "a,b\ntea,5\n");
        var problems = new ProblemList("plan.yaml");
        var table = DataFile.Read(_folder.File("t.csv"), new("t.csv", "", problems))!;
        var names = new TemplateNames([new("t", DataPick.InOrder, table, 1)], 1);
        var scope = new IterationScope(() => DateTimeOffset.UnixEpoch.AddSeconds(1.5));
        scope.Begin(number);
        return Encoding.UTF8.GetString(Template.Parse(text, Escape.None, names).Render(scope));
    }

    private static string Escaped(byte[] value, Escape escape)
    {
        var buffer = new ByteBuffer();
        Escaping.Write(value, escape, buffer);
        return Encoding.UTF8.GetString(buffer.Written);
    }
}
