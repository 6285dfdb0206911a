using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.TestKit;
using Pressure.Web.Workers;

namespace Pressure.Web.Tests;

/// <summary>The number of machines in the form and the API, with workers that are there by word only.</summary>
public sealed class WorkersTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly Directory _directory = new();
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(_temp, services => services.AddSingleton<IWorkerDirectory>(_directory));

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task The_form_says_how_many_workers_are_there()
    {
        var page = await _service.PageAsync("/new");

        Assert.Contains("3 workers are there now, 2 of them free", page, StringComparison.Ordinal);
        Assert.Contains("By region: eu 2, us 1.", page, StringComparison.Ordinal);
        Assert.Contains("""<input type="range" id="workers-slider" min="1" max="3" value="1" """, page, StringComparison.Ordinal);
        Assert.Contains("当前有 3 个压测节点，其中 2 个空闲", await _service.PageAsync("/new?lang=zh"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", null)]
    [InlineData("", null)]
    [InlineData("3", 3)]
    [InlineData("40", 40)]
    public async Task The_number_goes_into_the_plan_and_one_is_this_machine(string typed, int? count)
    {
        var plan = await (await _service.SendFormAsync("/new", [.. Filled, ("workers", typed), ("action", "download")])).TextAsync();

        Assert.Equal(count, PlanReader.Parse(plan, "plan").Plan!.Workers?.Count);
    }

    [Fact]
    public async Task A_number_that_is_none_is_told_at_its_input_and_kept()
    {
        var page = await (await _service.SendFormAsync("/new", [.. Filled, ("workers", "<many>"), ("action", "start")])).TextAsync();

        Assert.Contains("id=\"workers-error\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"&lt;many&gt;\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keeps_workers_from_beginning_stands_at_the_input()
    {
        var page = await (await _service.SendFormAsync("/new", [.. Filled, ("workers", "3"), ("action", "start")])).TextAsync();

        Assert.Contains("<p class=\"error\" id=\"workers-error\">Only 2 of 3 workers are free. Start more.</p>", page, StringComparison.Ordinal);
        Assert.Equal(3, _directory.Wished!.Count);
    }

    [Fact]
    public async Task The_api_lists_them()
    {
        var view = await _service.GetJsonAsync("/api/workers");

        Assert.True(view.GetProperty("broker").GetBoolean());
        Assert.Equal(["w1", "w2", "w3"], view.GetProperty("workers").EnumerateArray().Select(w => w.GetProperty("name").GetString()));
        Assert.Equal("20260101-000000-other-1111", view.GetProperty("workers")[2].GetProperty("run").GetString());
    }

    [Theory]
    [InlineData("/api/runs?workers=2", "", 2)]
    [InlineData("/api/runs", "workers: 3", 3)]
    [InlineData("/api/runs?workers=2", "workers: { count: 3, tolerate: 7% }", 2)]
    public async Task A_run_over_workers_is_asked_for_by_plan_or_by_parameter(string path, string more, int count)
    {
        var answer = await _service.SendPlanAsync(path, Plans.Light(new("http://127.0.0.1:9")) + "\n" + more);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var problem = await RunningService.JsonOf(answer);
        Assert.Equal("urn:pressure:problem:no-workers", problem.GetProperty("type").GetString());
        Assert.Equal("Start more.", problem.GetProperty("problems")[0].GetProperty("remedy").GetString());
        Assert.Equal((count, more.Contains("7%", StringComparison.Ordinal) ? 0.07 : 0.01), (_directory.Wished!.Count, _directory.Wished.Tolerance));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    public async Task A_number_out_of_bounds_is_refused(string number)
    {
        var answer = await _service.SendPlanAsync($"/api/runs?workers={number}", Plans.Light(new("http://127.0.0.1:9")));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Null(_directory.Wished);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_said_so()
    {
        _directory.Away = true;

        var problem = await RunningService.JsonOf(await _service.SendPlanAsync("/api/runs?workers=2", Plans.Light(new("http://127.0.0.1:9"))));
        Assert.Contains("broker can't be reached: connection refused", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_broker_there_is_nothing_to_choose_and_plans_for_workers_are_refused()
    {
        using var temp = new TempFolder();
        await using var alone = await RunningService.StartAsync(temp);

        var page = await alone.PageAsync("/new");
        Assert.Contains("<input type=\"hidden\" name=\"workers\" value=\"1\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("workers-slider", page, StringComparison.Ordinal);
        Assert.False((await alone.GetJsonAsync("/api/workers")).GetProperty("broker").GetBoolean());
        var answer = await alone.SendPlanAsync("/api/runs", Plans.Light(new("http://127.0.0.1:9")) + "\nworkers: 2");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("has no broker", await answer.TextAsync(), StringComparison.Ordinal);
    }

    private static (string, string)[] Filled => [("mode", "simple"), ("target", "http://127.0.0.1:9"), ("pv.perDay", "3M"), ("duration", "5"), ("url", "1"), ("urls[1].weight", "1"), ("urls[1].method", "GET"), ("urls[1].path", "/")];

    private sealed class Directory : IWorkerDirectory
    {
        public WorkersWish? Wished { get; private set; }

        public bool Away { get; set; }

        public bool HasBroker => true;

        public IReadOnlyList<WorkerCard> Workers => [Card("w1", "eu"), Card("w2", "us"), Card("w3", "eu") with { Run = "20260101-000000-other-1111" }];

        public Task<Recruiting> RecruitAsync(RunRequest run, WorkersWish wish, IReadOnlyList<string> allow, CancellationToken stop)
        {
            Wished = wish;
            return Away ? throw new BusException("connection refused") : Task.FromResult(new Recruiting(Crew: null, [new CrewProblem("Only 2 of 3 workers are free.", "Start more.")], []));
        }

        private static WorkerCard Card(string name, string region) => new() { Name = name, Instance = Guid.Empty, Version = "0.1.0", Region = region, Capacity = 12_000, Cores = 4 };
    }
}
