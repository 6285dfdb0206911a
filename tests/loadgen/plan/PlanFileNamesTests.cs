using Pressure.TestKit;

namespace Pressure.LoadGen.Tests;

public sealed class PlanFileNamesTests
{
    [Fact]
    public void Every_file_that_a_plan_names_is_found_once_in_the_order_of_the_text() => Assert.Equal(
        ["a.capture", "b.pcap", "users.csv", "items.json", "photo.jpg", "kill.yaml", "slow.yaml", "ca.pem", "own.pem", "own.key"],
        PlanFileNames.Of("""
            name: files
            target: http://127.0.0.1
            load: { replay: { captures: [ a.capture, b.pcap, a.capture ] } }
            data: [ { file: users.csv }, { name: items, file: "items.json" } ]
            scenarios:
              - steps:
                  - post: /
                    multipart: [ { name: title, value: file.txt }, { name: photo, file: photo.jpg } ]
                  - post: /json
                    json: { file: not-this.txt, data: [ { file: nor-this.txt } ] }
            chaos: [ kill.yaml, { experiment: slow.yaml, at: 3s } ]
            http: { ca: ca.pem, certificate: own.pem, key: own.key }
            """));

    [Theory]
    [InlineData("load: { replay: { capture: one.capture } }", "one.capture")]
    [InlineData("data: { file: alone.csv }", "alone.csv")]
    [InlineData("chaos: kill.yaml", "kill.yaml")]
    [InlineData("{ \"data\": [ { \"file\": \"../a b.csv\" } ] }", "../a b.csv")]
    public void Whatever_form_it_has(string text, string name) => Assert.Equal([name], PlanFileNames.Of(text));

    [Theory]
    [InlineData("")]
    [InlineData("name: x")]
    [InlineData("[")]
    [InlineData("data: [ { file: [ x ] }, 3, ~ ]\nscenarios: x\nhttp: []\nload: 5")]
    public void A_text_that_names_none_has_none(string text) => Assert.Empty(PlanFileNames.Of(text));

    [Fact]
    public void Of_a_read_plan_they_are_the_same_and_a_body_names_none()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("ids.csv"), "id\n1\n");
        File.WriteAllText(folder.File("photo.jpg"), "photo");
        var read = PlanReader.ParseIn(folder.Path, """
            name: files
            target: http://127.0.0.1
            load: { rate: 1/s, duration: 1s }
            data: [ { file: ids.csv } ]
            scenarios:
              - steps:
                  - post: /upload
                    multipart: [ { name: photo, file: photo.jpg } ]
                  - post: /json
                    json: { data: [ { file: not-this.txt } ], http: { key: nor-this }, chaos: [ nor-this ], multipart: [ { file: nor-this } ], replay: { capture: nor-this } }
            """, "plan.yaml");

        Assert.Empty(read.Problems);
        Assert.Equal(["ids.csv", "photo.jpg"], read.Plan!.Files);
    }
}
