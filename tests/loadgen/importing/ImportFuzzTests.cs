using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class ImportFuzzTests
{
    private static readonly Dictionary<ImportFormat, string[]> Seeds = new()
    {
        [ImportFormat.Curl] = ["curl http://t/a -H 'Accept: x' -d 'a=1&b=2' --json '{\"a\":1}' -u me:pw -G --next -F x=@y http://t/b | jq > out # c\n"],
        [ImportFormat.Har] = [HarImportTests.Har(HarImportTests.Entry("POST", "http://t/a?b=1", """{"name":"Accept","value":"x"}""", """, "postData":{"mimeType":"application/json","text":"{\"a\":1}"}"""))],
        [ImportFormat.Postman] = ["""{"info":{"schema":"getpostman.com"},"variable":[{"key":"a","value":"{{b}}"},{"key":"b","value":"c"}],"auth":{"type":"basic"},"item":[{"name":"x","item":[{"request":{"method":"POST","url":{"raw":"http://t/{{a}}/:id","query":[{"key":"q","value":"1"}],"variable":[{"key":"id","value":"1"}]},"body":{"mode":"raw","raw":"{}"}}}]}]}"""],
        [ImportFormat.OpenApi] =
        [
            """{"openapi":"3.0.0","servers":[{"url":"/v1"}],"paths":{"/a/{b}":{"parameters":[{"name":"b","in":"path","schema":{"$ref":"#/components/schemas/A"}}],"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}},"components":{"schemas":{"A":{"allOf":[{"properties":{"x":{"$ref":"#/components/schemas/A"},"n":{"type":"number","minimum":1e99}}}]}}}}""",
            "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      parameters:\n        - { name: q, in: query, example: [ 1, 2 ] }\n",
        ],
        [ImportFormat.Urls] = ["http://t/a 5\nPOST http://t/b?c=1 2.5 # x\n/item/1\n"],
        [ImportFormat.Log] = ["a.test:80 10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /a/1?b=\\xE5 HTTP/1.1\" 200 5 \"-\" \"x\"\n10.0.0.1 - - [29/Feb/2024:23:59:60 +0530] \"HEAD /b HTTP/1.1\" 304 0\n"],
    };

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", "'", "\\", "\\u", "\\ud83d", "$'", "$(", "`", "{{", "}}", "{{a}}", "\n", "\r\n", "\0", "\t", " ", "#", "%", "%zz", "://", "//", "?", "&", "=", ":", "@", "-", "--", "-H ", "-d ", "null", "true", "1e999", "-1",
        "99999999999999999999999999", "商", "😀", "\ud83d", "\u2028", "\ufeff", "\ufffe", "*a", "&a ", "!!x ", "- ", "http://[", "http://x:99999/", "xn--", "$ref", "<<EOF", "^\"", "HTTP/1.1\"", "] \"",
    ];

    public static TheoryData<ImportFormat> Formats => [.. Importer.Formats.Values];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Random_bytes_never_throw(ImportFormat format) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Judged(bytes, format)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Random_bytes_of_no_known_format_never_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Judged(bytes, null)).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Mutated_sources_never_throw_and_what_is_written_is_read_back(ImportFormat format)
    {
        var cuts =
            from at in Gen.Choose(0, 1_000)
            from length in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 3)), (1, Gen.Choose(4, 80)))
            from piece in Gen.OneOf(Gen.Elements(Pieces), Gen.Choose(1, 0xd7ff).Select(c => ((char)c).ToString()), Gen.Constant(""))
            select (at, length, piece);
        var sources =
            from seed in Gen.Elements(Seeds[format])
            from list in cuts.ListOf()
            select list.Take(6).Aggregate(seed, (text, cut) =>
            {
                var at = cut.at % (text.Length + 1);
                return text.Remove(at, Math.Min(cut.length, text.Length - at)).Insert(at, cut.piece);
            });

        Prop.ForAll(sources.ToArbitrary(), text => Judged(Encoding.UTF8.GetBytes(text), format) && Judged(Encoding.UTF8.GetBytes(text), null)).Check(Config.QuickThrowOnFailure.WithMaxTest(1_500));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Random_pieces_never_throw(ImportFormat format) =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(p => string.Concat(p)).ToArbitrary(), text => Judged(Encoding.UTF8.GetBytes(text), format)).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_seeds_can_be_imported(ImportFormat format) =>
        Assert.All(Seeds[format], seed => Assert.NotNull(Imports.Of(Encoding.UTF8.GetBytes(seed), new() { AllMethods = true, Target = "http://127.0.0.1:5080", From = format }).Yaml));

    /// <summary>A plan that the reader reads, or problems with remedies; nothing is empty.</summary>
    private static bool Judged(byte[] bytes, ImportFormat? format)
    {
        var result = Imports.Of(bytes, new() { From = format, Target = "http://127.0.0.1:5080", AllMethods = true, KeepSecrets = bytes.Length % 2 == 0 });
        if (result.Yaml is null)
            return result.Problems.Count > 0 && result.Problems.All(p => p.Message.Length > 0 && p.Remedy.Length > 0);
        var read = PlanReader.Parse(result.Yaml, "plan.yaml");
        return read.Problems.Count == 0 && read.Plan!.Scenarios.Count == result.Taken.Count && result.Problems.Count == 0;
    }
}
