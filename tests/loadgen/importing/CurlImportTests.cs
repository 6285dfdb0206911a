using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class CurlImportTests
{
    private const string Form = "[Content-Type: application/x-www-form-urlencoded]";

    [Theory]
    [InlineData("curl http://t/a", "GET http://t/a")]
    [InlineData("curl t/a?x=1#top", "GET http://t/a?x=1")]
    [InlineData("curl -XDELETE 'http://t/a'", "DELETE http://t/a")]
    [InlineData("curl -I http://t/", "HEAD http://t/")]
    [InlineData("curl --head http://t/", "HEAD http://t/")]
    [InlineData("curl -H 'Accept: text/html' -H \"X-Two:  b \" http://t/", "GET http://t/ [Accept: text/html; X-Two: b]")]
    [InlineData("curl -H 'X-Empty;' -H 'Accept:' http://t/", "GET http://t/ [X-Empty: ]")]
    [InlineData("curl http://t/ -d a=1 -d b=2", "POST http://t/ " + Form + " a=1&b=2")]
    [InlineData("curl http://t/ --data-raw '@a'", "POST http://t/ " + Form + " @a")]
    [InlineData("curl http://t/ --data-urlencode 'q=a b&c' --data-urlencode '=x y'", "POST http://t/ " + Form + " q=a%20b%26c&x%20y")]
    [InlineData("curl -G http://t/s -d q=1 --data-urlencode 'r=ä'", "GET http://t/s?q=1&r=%C3%A4")]
    [InlineData("curl --url http://t/ --json '{\"a\": [1, 2.50]}'", "POST http://t/ [Accept: application/json; Content-Type: application/json] {\"a\":[1,2.50]}")]
    [InlineData("curl -X PUT -H 'content-type: text/xml' --data-binary '<a>1</a>' http://t/", "PUT http://t/ [content-type: text/xml] <a>1</a>")]
    [InlineData("curl -A agent/1 -e http://r/ http://t/", "GET http://t/ [User-Agent: agent/1; Referer: http://r/]")]
    [InlineData("curl -sSXPOST -dx=1 http://t/", "POST http://t/ " + Form + " x=1")]
    [InlineData("curl --compressed http://t/", "GET http://t/ [Accept-Encoding: gzip, deflate, br]")]
    [InlineData("curl -H 'Host: other' http://t/", "GET http://t/ [Host: other]")]
    [InlineData("$ FOO=bar sudo curl http://t/ # a comment", "GET http://t/")]
    [InlineData("curl \\\n  -H 'A: 1' \\\r\n  http://t/", "GET http://t/ [A: 1]")]
    [InlineData("curl -so /dev/null http://t/ -w '%{http_code}'", "GET http://t/")]
    [InlineData("curl http://[::1]:80/a", "GET http://[::1]/a")]
    [InlineData("curl -- http://t/", "GET http://t/")]
    public void A_command_becomes_a_request(string command, string request)
    {
        var result = Imports.Of(command);

        Assert.Equal(ImportFormat.Curl, result.Format);
        Assert.Equal([request], Imports.Requests(result));
        Assert.Empty(Imports.NotTaken(result));
    }

    [Theory]
    [InlineData("'a'", "a")]
    [InlineData("'a\"b'", "a\"b")]
    [InlineData("'it'\\''s'", "it's")]
    [InlineData("\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d")]
    [InlineData("a\\ b", "a b")]
    [InlineData("'a\nb'", "a\nb")]
    [InlineData("\"a\\\nb\"", "ab")]
    [InlineData("$'a\\tb\\n\\'\\x41\\u5546\\101'", "a\tb\n'A商A")]
    [InlineData("$'\\ud83d\\ude00'", "😀")]
    [InlineData("$'\\q'", "\\q")]
    [InlineData("a#b", "a#b")]
    [InlineData("''", "")]
    public void Quotes_are_undone_as_the_shell_does(string quoted, string text)
    {
        var result = Imports.Of($"curl http://t/ -X POST -H 'Content-Type: text/plain' --data-raw x{quoted}");

        Assert.Equal($"x{text}", Plans.BodyOf(Imports.Plan(result).Requests[0]));
    }

    [Theory]
    [InlineData("curl -F a=@b http://t/up", "curl http://t/up: sends a multipart form (-F), which is not taken over; write it as multipart (line 1)")]
    [InlineData("curl -d @body.json http://t/", "curl http://t/: its body stands in a file, which is not read; write it into the command (line 1)")]
    [InlineData("curl -T file http://t/", "curl http://t/: uploads a file (-T) (line 1)")]
    [InlineData("curl 'http://t/[1-9]'", "curl http://t/[1-9]: its URL has curl's patterns ({a,b} or [1-9]), which are not expanded (line 1)")]
    [InlineData("curl -d \"$(date)\" http://t/", "curl command: it holds $(...) or `...`, which are not run; write the value in (line 1)")]
    [InlineData("curl -d @- http://t/ <<EOF", "curl command: it reads a here-document; write the body into the command (line 1)")]
    [InlineData("curl ^\"http://t/^\"", "curl command: it is quoted for the Windows command prompt; copy as cURL (bash) (line 1)")]
    [InlineData("curl -s", "curl command: it has no URL (line 1)")]
    [InlineData("wget http://t/", "command 'wget': not a curl command (line 1)")]
    [InlineData("curl -X PURGE http://t/a?b", "PURGE http://t/a: plans know the methods GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS only (line 1)")]
    [InlineData("curl ftp://t/a", "GET ftp://t/a: 'ftp' is neither http nor https (line 1)")]
    public void A_command_that_a_plan_cannot_hold_is_left_out_and_told(string command, string told)
    {
        var result = Imports.Of($"{command}\ncurl http://t/rest");

        Assert.Equal(["GET http://t/rest"], Imports.Requests(result));
        Assert.Contains(told, Imports.NotTaken(result));
    }

    [Theory]
    [InlineData("-k", "option -k: certificates are checked; write http: { insecure: true } into the plan to accept any (line 1)")]
    [InlineData("-m 5", "option -m: times out as the plan says; see http: { timeout, connectTimeout } (line 1)")]
    [InlineData("--frobnicate", "option --frobnicate: has no counterpart in plans (line 1)")]
    [InlineData("-x http://proxy:1", "option -x: plans know no proxies (line 1)")]
    [InlineData("-u me:secret", "option -u: credentials; --keep-secrets makes an Authorization header of them (line 1)")]
    [InlineData("-b a=1", "header Cookie: holds credentials; --keep-secrets keeps it (line 1)")]
    [InlineData("-b jar.txt", "option -b jar.txt: cookies in files are not read (line 1)")]
    [InlineData("-H @headers", "option -H @headers: headers in files are not read (line 1)")]
    [InlineData("-H 'Authorization: Bearer x'", "header Authorization: holds credentials; --keep-secrets keeps it (line 1)")]
    [InlineData("-H 'Connection: close'", "header Connection: Pressure sets it itself (line 1)")]
    [InlineData("-H 'X-Name: 商'", "header X-Name: header value contains a letter outside ASCII (line 1)")]
    [InlineData("| jq .", "redirections and pipes: what is done with the answer is no part of a request (line 1)")]
    [InlineData("> out 2>&1", "redirections and pipes: what is done with the answer is no part of a request (line 1)")]
    [InlineData("-H \"X-A: $NAME\" -H 'X-A;'", "shell variables: they stay as they are written ($NAME); write the values in (line 1)")]
    public void What_else_is_not_taken_over_is_told_and_the_request_is_kept(string option, string told)
    {
        var result = Imports.Of($"curl http://t/ {option}");

        Assert.Equal("GET http://t/", Imports.Requests(result).Single().Split(" [")[0]);
        Assert.Equal([told], Imports.NotTaken(result));
    }

    [Theory]
    [InlineData("curl -u me:secret http://t/", "GET http://t/ [Authorization: Basic bWU6c2VjcmV0]")]
    [InlineData("curl http://me:secret@t/", "GET http://t/ [Authorization: Basic bWU6c2VjcmV0]")]
    [InlineData("curl -b a=1 -b b=2 http://t/?token=x", "GET http://t/?token=x [Cookie: a=1; b=2]")]
    public void Secrets_are_kept_when_asked(string command, string request) =>
        Assert.Equal([request], Imports.Requests(Imports.Of(command, new() { KeepSecrets = true })));

    [Fact]
    public void A_file_holds_many_commands_and_equal_ones_add_up()
    {
        var result = Imports.Of("#!/bin/sh\nset -e\ncurl http://t/a; curl http://t/b && curl http://t/a\n\ncurl http://t/c --next -d x=1 http://t/d\n");

        Assert.Equal(["GET http://t/a x2", "GET http://t/b", "GET http://t/c", $"POST http://t/d {Form} x=1"], Imports.Requests(result));
        Assert.Equal(["command 'set': not a curl command (line 2)"], Imports.NotTaken(result));
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_a_problem_at_its_place() =>
        Assert.Equal("source:2:19: the quote ' is never closed. Close it, or check that the command was copied whole.", Imports.Problem(Imports.Of("curl http://t/\ncurl http://t/ -d 'x=1\ncurl http://t/")));
}
