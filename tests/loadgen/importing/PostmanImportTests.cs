using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class PostmanImportTests
{
    private const string Collection = """
        {
          "info": { "name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
          "variable": [ { "key": "baseUrl", "value": "{{scheme}}://t" }, { "key": "scheme", "value": "http" }, { "key": "loop", "value": "{{loop}}" } ],
          "auth": { "type": "basic", "basic": [ { "key": "username", "value": "me" }, { "key": "password", "value": "secret" } ] },
          "event": [ { "listen": "prerequest", "script": { "exec": [ "x()" ] } } ],
          "item": [
            { "name": "Items", "variable": [ { "key": "size", "value": 2 } ], "item": [
              { "name": "One", "request": { "method": "GET", "header": [ { "key": "Accept", "value": "text/{{size}}" }, { "key": "X-Off", "value": "1", "disabled": true }, { "key": "X-Var", "value": "{{who}}" } ],
                "url": { "raw": "{{baseUrl}}/item/:id?size={{size}}&off=1", "query": [ { "key": "size", "value": "{{size}}" }, { "key": "off", "value": "1", "disabled": true } ], "variable": [ { "key": "id", "value": "a b" } ] } } },
              { "name": "Text", "request": "{{baseUrl}}/plain" } ] },
            { "name": "Order", "request": { "method": "POST", "auth": { "type": "noauth" }, "url": { "protocol": "http", "host": [ "t" ], "path": [ "order" ] }, "body": { "mode": "raw", "raw": "{\"size\": 2}", "options": { "raw": { "language": "json" } } } } },
            { "name": "Login", "request": { "method": "POST", "auth": { "type": "bearer", "bearer": { "token": "{{jwt}}" } }, "url": "t/login", "body": { "mode": "urlencoded", "urlencoded": [ { "key": "name", "value": "me" }, { "key": "off", "value": "x", "disabled": true } ] } } },
            { "name": "Graph", "request": { "method": "POST", "auth": { "type": "noauth" }, "url": "{{baseUrl}}/graphql", "body": { "mode": "graphql", "graphql": { "query": "{ a }", "variables": "{\"n\": 1}" } } } },
            { "name": "Up", "request": { "method": "POST", "url": "{{baseUrl}}/up", "body": { "mode": "formdata", "formdata": [ { "key": "f", "type": "file" } ] } } },
            { "name": "Pay", "request": { "method": "GET", "url": "{{payUrl}}/pay" } },
            { "name": "Loop", "request": { "method": "GET", "url": "{{baseUrl}}/{{loop}}" } },
            { "name": "Open", "request": { "method": "GET", "url": { "raw": "{{baseUrl}}/a/:id", "variable": [ { "key": "id", "value": "" } ] } } },
            { "name": "Nothing", "request": { "method": "GET" } }
          ]
        }
        """;

    [Fact]
    public void Folders_are_walked_and_variables_put_in()
    {
        var result = Imports.Of(Collection);

        Assert.Equal(ImportFormat.Postman, result.Format);
        Assert.Equal(("Shop", "Items / One"), (Imports.Plan(result).Name, Imports.Plan(result).Scenarios[0].Name));
        Assert.Equal(
            [
                "GET http://t/item/a%20b?size=2 [Accept: text/2]",
                "GET http://t/plain",
                """POST http://t/order [Content-Type: application/json] {"size":2}""",
                "POST http://t/login [Content-Type: application/x-www-form-urlencoded] name=me",
                """POST http://t/graphql [Content-Type: application/json] {"query":"{ a }","variables":{"n":1}}""",
            ],
            Imports.Requests(result));
        Assert.Equal(
            [
                "script (prerequest): scripts are not run; write checks into the plan (collection)",
                "authorization (basic): credentials; --keep-secrets keeps basic and bearer ones (2 times, first at Items / One)",
                "header X-Var: its variable {{who}} has no value in the collection (Items / One)",
                "authorization (bearer): credentials; --keep-secrets keeps basic and bearer ones (Login)",
                "POST http://t/up: sends a multipart form, which is not taken over; write it as multipart (Up)",
                "GET {{payUrl}}/pay: its variable {{payUrl}} has no value in the collection; give it one and export again (Pay)",
                "GET http://t/{{loop}}: its variable {{loop}} has no value in the collection; give it one and export again (Loop)",
                "GET http://t/a/:id: its path variable :id has no value in the collection; give it one and export again (Open)",
                "request 'Nothing': it has no URL (Nothing)",
            ],
            Imports.NotTaken(result));
    }

    [Fact]
    public void Authorization_becomes_a_header_when_secrets_are_kept()
    {
        var result = Imports.Of(Collection, new() { KeepSecrets = true });

        Assert.Contains("GET http://t/plain [Authorization: Basic bWU6c2VjcmV0]", Imports.Requests(result));
        Assert.Contains("authorization (bearer): its variable {{jwt}} has no value in the collection (Login)", Imports.NotTaken(result));
    }

    [Fact]
    public void The_target_stands_for_a_host_that_has_no_value()
    {
        var result = Imports.Of("""{"info":{"name":"x","schema":"getpostman.com"},"item":[{"request":{"url":"{{host}}/a?b=1"}}]}""", new() { Target = "http://127.0.0.1:5080/api" });

        Assert.Equal(["GET http://127.0.0.1:5080/api/a?b=1"], Imports.Requests(result));
        Assert.Contains("{{host}} has no value in the collection; --target stands for it.", result.Notes);
    }

    [Fact]
    public void Variables_that_multiply_themselves_end()
    {
        var bomb = string.Join(',', Enumerable.Range(0, 12).Select(i => $$$"""{"key":"v{{{i}}}","value":"{{{string.Concat(Enumerable.Repeat($"{{{{v{i + 1}}}}}", 1_000))}}}"}"""));
        var result = Imports.Of($$$"""{"info":{"name":"x","schema":"getpostman.com"},"variable":[{{{bomb}}}],"item":[{"request":{"url":"http://t/{{v0}}"}}]}""");

        Assert.Null(result.Yaml);
    }

    [Theory]
    [InlineData("""{"_postman_id":"1","requests":[]}""", "source: item: is missing; this is a collection of format v1. Export the collection as v2.1.")]
    [InlineData("""{"info":{"schema":"x"},"item":5}""", "source: item: is missing or no list. Export the collection as v2.1.")]
    public void Another_format_is_a_problem(string text, string problem) => Assert.Equal(problem, Imports.Problem(Imports.Of(text)));
}
