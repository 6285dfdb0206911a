using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class OpenApiImportTests
{
    private const string Document = """
        openapi: "3.1.0"
        info: { title: Pets, version: 1.0.0 }
        servers:
          - url: https://{env}.pets.test/{base}
            variables: { env: { default: api }, base: { default: v2 } }
          - url: http://127.0.0.1:1
        security: [ { bearerAuth: [] } ]
        webhooks: { petBorn: {} }
        paths:
          /pets:
            get:
              parameters:
                - { name: limit, in: query, required: true, schema: { type: integer, minimum: 5 } }
                - { name: tags, in: query, example: [ a, b c ] }
                - { name: ids, in: query, explode: false, schema: { type: array, items: { enum: [ 7 ] }, minItems: 2, default: [ 1, 2 ] } }
                - { name: sort, in: query, schema: { type: string } }
                - { name: X-Tenant, in: header, required: true, schema: { type: string, minLength: 6 } }
                - { name: Accept, in: header, required: true, schema: { type: string } }
                - { name: sid, in: cookie, schema: { type: string } }
                - { $ref: "#/components/parameters/Filter" }
            post:
              requestBody: { $ref: "#/components/requestBodies/Pet" }
              callbacks: { born: {} }
            put:
              requestBody: { content: { multipart/form-data: { schema: { type: object } } } }
          /pets/{petId}/photos/{n}:
            parameters:
              - { name: petId, in: path, required: true, schema: { type: string, format: uuid } }
              - { name: n, in: path, required: true, schema: { type: integer } }
            get:
              parameters:
                - { name: n, in: path, required: true, schema: { type: integer, example: 3 } }
            delete: {}
          /form:
            patch:
              requestBody: { content: { application/x-www-form-urlencoded: { schema: { properties: { a: { type: string, example: x y }, b: { type: boolean } } } } } }
          /broken/{who}: { get: {} }
          /away: { $ref: "other.yaml#/away" }
        components:
          parameters:
            Filter: { name: filter, in: query, required: true, schema: { type: object } }
          requestBodies:
            Pet: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
          schemas:
            Base: { type: object, required: [ id ], properties: { id: { type: integer, readOnly: true }, born: { type: string, format: date } } }
            Pet:
              allOf:
                - $ref: "#/components/schemas/Base"
                - type: object
                  properties:
                    name: { type: [ "null", string ], maxLength: 2 }
                    kind: { oneOf: [ { const: cat }, { const: dog } ] }
                    price: { type: number, exclusiveMinimum: 2 }
                    mother: { $ref: "#/components/schemas/Pet" }
        """;

    [Fact]
    public void Only_what_changes_nothing_is_taken_by_default()
    {
        var result = Imports.Of(Document);

        Assert.Equal(ImportFormat.OpenApi, result.Format);
        Assert.Equal("Pets", Imports.Plan(result).Name);
        Assert.Equal(
            [
                "GET https://api.pets.test/v2/pets?limit=5&tags=a&tags=b%20c&ids=1%2C2 [X-Tenant: textxx]",
                "GET https://api.pets.test/v2/pets/00000000-0000-4000-8000-000000000001/photos/3",
            ],
            Imports.Requests(result));
        Assert.Equal(
            [
                "webhook 'petBorn': the service sends it, nobody asks for it",
                "server 'http://127.0.0.1:1': the first server is taken; --target takes another",
                "security scheme 'bearerAuth': documents hold no credentials; add the header to the plan",
                "query parameter 'sort': it is optional and has no example (GET /pets)",
                "cookie parameter 'sid': only those in path, query and headers are taken (GET /pets)",
                "query parameter 'filter': it is an object; write it into the plan by hand (GET /pets)",
                "POST /pets: it may change data; --all-methods takes it",
                "PUT /pets: it may change data; --all-methods takes it",
                "DELETE /pets/{petId}/photos/{n}: it may change data; --all-methods takes it",
                "PATCH /form: it may change data; --all-methods takes it",
                "GET /broken/{who}: its path parameter {who} is not described",
                "reference 'other.yaml#/away': it leads out of the document; bundle the document into one file",
            ],
            Imports.NotTaken(result));
    }

    [Fact]
    public void Bodies_are_made_of_schemas_and_circles_end()
    {
        var requests = Imports.Requests(Imports.Of(Document, new() { AllMethods = true, Target = "http://127.0.0.1:5080" }));

        Assert.StartsWith("""POST http://127.0.0.1:5080/v2/pets [Content-Type: application/json] {"born":"2024-01-31","name":"te","kind":"cat","price":3,"mother":{"born":""", requests[1], StringComparison.Ordinal);
        Assert.True(requests[1].Length < 2_000);
        Assert.Contains("DELETE http://127.0.0.1:5080/v2/pets/00000000-0000-4000-8000-000000000001/photos/1", requests);
        Assert.Contains("PATCH http://127.0.0.1:5080/v2/form [Content-Type: application/x-www-form-urlencoded] a=x%20y&b=true", requests);
        Assert.Contains("PUT /pets: sends multipart/form-data, which can't be made up", Imports.NotTaken(Imports.Of(Document, new() { AllMethods = true })));
    }

    [Fact]
    public void Json_documents_are_read_as_well() =>
        Assert.Equal(
            ["GET http://t/a"],
            Imports.Requests(Imports.Of("""{"info":{"title":"x"},"paths":{"/a":{"get":{}}},"openapi":"3.0.0"}""", new() { Target = "http://t" })));

    [Theory]
    [InlineData("swagger: '2.0'\npaths: {}", "source: swagger: this is Swagger 2.0. Convert it to OpenAPI 3 first.")]
    [InlineData("openapi: 4.0.0", "source: openapi: version '4.0.0' is not known. Documents of OpenAPI 3.0 and 3.1 are read.")]
    [InlineData("openapi: 3.0.0", "source: paths: is missing or no map. Check that the document describes paths.")]
    [InlineData("openapi: 3.0.0\na: *b", "source:2:4: alias '*b' is not read. Check brackets, quotes and indentation here, or convert the document to JSON.")]
    public void A_document_that_cannot_be_read_is_a_problem_at_its_place(string text, string problem) => Assert.Equal(problem, Imports.Problem(Imports.Of(text)));

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Contains("nested deeper than 100 levels", Imports.Problem(Imports.Of("openapi: 3.0.0\na: " + new string('[', 5_000))), StringComparison.Ordinal);

    [Fact]
    public void References_in_a_circle_end() =>
        Assert.Equal(
            ["GET http://t/a?q="],
            Imports.Requests(Imports.Of("""
                openapi: 3.0.0
                paths: { /a: { get: { parameters: [ { name: q, in: query, required: true, schema: { $ref: "#/components/schemas/A" } } ] } } }
                components: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } }
                """, new() { Target = "http://t" })));
}
