using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Data;

public sealed class DataPlanTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public DataPlanTests()
    {
        File.WriteAllText(_folder.File("items.csv"), "id,name\n1,a\n2,b\n3,c\n");
        File.WriteAllText(_folder.File("users.csv"), "id,mail\n7,x\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_follow_from_seed_and_number_alone()
    {
        var feeds = Read("rate: 1/s, duration: 3s", "get: /", "data: [ { file: items.csv }, { file: users.csv, pick: random }, { file: items.csv, name: once, pick: unique } ]\nseed: 5").Plan!.Data;

        Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(0, 5).Select(n => feeds[0].RowAt(n)));
        Assert.Equal([0, 0], Enumerable.Range(0, 2).Select(n => feeds[1].RowAt(n)));
        Assert.Equal([0, 1, 2, -1], Enumerable.Range(0, 4).Select(n => feeds[2].RowAt(n)));
    }

    [Fact]
    public void Random_rows_come_evenly_and_otherwise_with_another_seed()
    {
        var (one, same, other) = (Random(1), Random(1), Random(2));

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.All(one.CountBy(r => r), c => Assert.InRange(c.Value, 800, 1200));

        List<int> Random(int seed)
        {
            var feed = Read("rate: 1/s", "get: /", $"data: [ {{ file: items.csv, pick: random }} ]\nseed: {seed}").Plan!.Data[0];
            return [.. Enumerable.Range(0, 3000).Select(n => feed.RowAt(n))];
        }
    }

    [Theory]
    [InlineData("get: '/{{nmae}}'", "scenarios[0].steps[0].get", "Did you mean 'name'?")]
    [InlineData("get: '/{{nothing}}'", "scenarios[0].steps[0].get", "Known here: id, name")]
    [InlineData("get: /, query: { a: '{{id}}' }", "scenarios[0].steps[0].query.a", "{{items.id}} or {{users.id}}")]
    [InlineData("get: /, headers: { A: '{{random:5..1}}' }", "scenarios[0].steps[0].headers.A", "least and the greatest")]
    [InlineData("post: /, json: { a: [ { b: '{{now:%}}' } ] }", "scenarios[0].steps[0].json.a[0].b", ".NET format")]
    [InlineData("post: /, form: { a: '{{hash:crc:name}}' }", "scenarios[0].steps[0].form.a", "hash:sha256")]
    [InlineData("post: /, body: '{{}}'", "scenarios[0].steps[0].body", "name of 1 to 200")]
    public void What_is_not_known_is_told_at_its_place(string step, string field, string remedy)
    {
        var problem = Assert.Single(Read("rate: 1/s", step, "data: [ { file: items.csv }, { file: users.csv } ]").Problems);

        Assert.Equal(field, problem.Field);
        Assert.Contains(remedy, problem.Remedy);
    }

    [Theory]
    [InlineData("{ file: none.csv }", "data[0].file")]
    [InlineData("{ pick: random }", "data[0].file")]
    [InlineData("{ file: items.csv, pick: any }", "data[0].pick")]
    [InlineData("{ file: items.csv }, { file: items.csv }", "data[1].name")]
    [InlineData("{ fiel: items.csv, file: items.csv }", "data[0].fiel")]
    [InlineData("{ file: items.csv, pick: unique }", "data")]
    public void Feeds_that_can_not_be_are_refused(string data, string field) =>
        Assert.Equal(field, Assert.Single(Read("rate: 1/s, duration: 4s", "get: /", $"data: [ {data} ]").Problems).Field);

    [Fact]
    public void Fewer_unique_rows_than_users_are_refused_before_the_run()
    {
        var problem = Assert.Single(Read("users: 4, duration: 1s", "get: /", "data: [ { file: items.csv, pick: unique } ]").Problems);

        Assert.Equal("data", problem.Field);
        Assert.Equal("'items' has 3 rows to use once each, but there are 4 users", problem.Message);
        Assert.Empty(Read("users: 3, duration: 1s", "get: /", "data: [ { file: items.csv, pick: unique } ]").Problems);
    }

    [Fact]
    public void A_text_without_a_folder_reads_no_files() =>
        Assert.Contains("command line", Plans.OnlyProblem(Plans.With(more: "data: [ { file: /etc/passwd } ]")).Remedy);

    private PlanResult Read(string load, string step, string more)
    {
        var path = _folder.File("plan.yaml");
        File.WriteAllText(path, Plans.With(load, step, more));
        return PlanReader.ReadFile(path);
    }
}
