using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pressure.LoadGen.Tests.Engine;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests;

public sealed class MultipartTests : IDisposable
{
    private static readonly byte[] Photo = [0xFF, 0xD8, 0, 1, .. "{{uuid}}"u8, 0x0D, 0x0A, 0xFE];

    private readonly TempFolder _folder = new();

    public MultipartTests()
    {
        File.WriteAllBytes(_folder.File("photo.jpg"), Photo);
        File.WriteAllText(_folder.File("items.csv"), "name\n\"红茶\r\n\"\"x\"\"\"\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_body_is_written_as_browsers_write_it()
    {
        var request = Read("multipart: [ { name: 'a\"b', value: tea }, { name: photo, file: photo.jpg, type: image/jpeg }, { name: note, value: x, filename: n.txt } ]").Plan!.Requests[0];

        var type = Assert.Single(request.Headers, h => h.Key == "Content-Type").Value;
        Assert.Matches("^multipart/form-data; boundary=----Pressure[0-9a-f]{24}$", type);
        var boundary = "--" + type["multipart/form-data; boundary=".Length..];
        byte[] expected =
        [
            .. Encoding.UTF8.GetBytes($"{boundary}\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\ntea\r\n"),
            .. Encoding.UTF8.GetBytes($"{boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"photo.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"), .. Photo,
            .. Encoding.UTF8.GetBytes($"\r\n{boundary}\r\nContent-Disposition: form-data; name=\"note\"; filename=\"n.txt\"\r\n\r\nx\r\n{boundary}--\r\n"),
        ];
        Assert.Equal(expected, request.Body!.Value.ToArray());
        Assert.Null(request.Template);
    }

    [Fact]
    public void Every_reading_has_a_boundary_of_its_own() =>
        Assert.NotEqual(Read("multipart: [ { name: a, value: b } ]").Plan!.Requests[0].Headers[0].Value, Read("multipart: [ { name: a, value: b } ]").Plan!.Requests[0].Headers[0].Value);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_reads_what_was_sent_with_the_slots_filled(bool overHandler)
    {
        var (names, files, numbers) = (new ConcurrentBag<string>(), new ConcurrentBag<(string Name, byte[] Bytes)>(), new ConcurrentBag<string>());
        await using var server = await KestrelServer.StartAsync(async context =>
        {
            var form = await context.Request.ReadFormAsync();
            names.Add(form["name"].Single()!);
            numbers.Add(form["number"].Single()!);
            var file = Assert.Single(form.Files);
            using var copy = new MemoryStream();
            await file.CopyToAsync(copy);
            files.Add((file.FileName, copy.ToArray()));
            await context.Response.WriteAsync("ok");
        });
        var read = Read("multipart: [ { name: name, value: '{{name}}' }, { name: photo, file: photo.jpg, filename: '{{name}}.jpg' }, { name: number, value: '{{iteration}}' } ]", server.Url);

        var run = await EngineRun.Of(read.Plan! with { Http = EngineRun.Insecure }, lanes: 1, overHandler: overHandler);

        Assert.Equal(12, run.Only.Ok);
        Assert.All(names, n => Assert.Equal("红茶\r\n\"x\"", n));
        Assert.All(files, f => Assert.Equal(Photo, f.Bytes));
        Assert.All(files, f => Assert.Equal("红茶%0D%0A%22x%22.jpg", f.Name));
        Assert.Equal(Enumerable.Range(0, 12), numbers.Select(int.Parse).Order());
    }

    [Theory]
    [InlineData("multipart: [ ]", "", "is empty")]
    [InlineData("multipart: { a: b }", "", "should be a list")]
    [InlineData("multipart: [ { value: b } ]", "[0].name", "missing")]
    [InlineData("multipart: [ { name: a } ]", "[0]", "neither a value nor a file")]
    [InlineData("multipart: [ { name: a, value: b, file: photo.jpg } ]", "[0]", "both")]
    [InlineData("multipart: [ { name: a, file: none.jpg } ]", "[0].file", "there is no file")]
    [InlineData("multipart: [ { name: a, file: . } ]", "[0].file", "there is no file")]
    [InlineData("multipart: [ { name: a, file: huge.bin } ]", "[0].file", "larger than 16 MiB")]
    [InlineData("multipart: [ { name: a, value: b, type: \"x\\ny\" } ]", "[0].type", "line break")]
    [InlineData("multipart: [ { name: a, value: '{{nmae}}' } ]", "[0].value", "nothing is named")]
    [InlineData("multipart: [ { name: a, value: b } ], headers: { content-type: multipart/form-data }", "", "boundary")]
    public void What_can_not_be_is_told_at_its_place(string step, string field, string message)
    {
        using (var huge = File.Create(_folder.File("huge.bin")))
            huge.SetLength(16 * 1024 * 1024 + 1);

        var problem = Assert.Single(Read(step).Problems);

        Assert.Equal($"scenarios[0].steps[0].multipart{field}", problem.Field);
        Assert.Contains(message, problem.Message);
    }

    [Fact]
    public void A_second_body_is_refused() =>
        Assert.Contains("at once", Assert.Single(Read("multipart: [ { name: a, value: b } ], body: x").Problems).Message);

    [Fact]
    public void A_plan_that_comes_as_a_text_can_not_name_files() =>
        Assert.Contains("command line", Plans.OnlyProblem(Plans.With(step: "post: /, multipart: [ { name: a, file: /etc/passwd } ]")).Remedy);

    private PlanResult Read(string step, Uri? target = null)
    {
        File.WriteAllText(_folder.File("plan.yaml"), Plans.With("rate: 120/s, duration: 100ms", $"post: /, {step}", "data: [ { file: items.csv } ]")
            .Replace("http://127.0.0.1:5080", target?.GetLeftPart(UriPartial.Authority) ?? "http://127.0.0.1:5080"));
        return PlanReader.ReadFile(_folder.File("plan.yaml"));
    }
}
