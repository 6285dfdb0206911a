namespace Pressure.LoadGen.Tests;

public sealed class PlanTemplatesTests
{
    public static TheoryData<string> Names => [.. PlanTemplates.All.Select(t => t.Name)];

    [Fact]
    public void There_is_one_for_each_kind_of_test() =>
        Assert.Equal(["load", "stress", "concurrency", "benchmark", "stability", "recoverability", "full-link"], PlanTemplates.All.Select(t => t.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_a_plan_of_its_name_that_says_what_it_is_for(string name)
    {
        var template = PlanTemplates.Find(name, out _)!;
        var plan = Plans.Read(template.Text);

        Assert.Equal(name, plan.Name);
        Assert.NotEmpty(plan.Thresholds);
        Assert.EndsWith("?", template.Purpose.Replace('.', '?'), StringComparison.Ordinal);
        Assert.Contains("测试", template.ChinesePurpose, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_target_is_all_that_changes(string name)
    {
        var template = PlanTemplates.Find(name, out _)!;

        var text = PlanTemplates.For(template, "http://shop.test:8080/api/", out _)!;

        Assert.Equal("http://shop.test:8080/api", Plans.Read(text).Target.AbsoluteUri);
        Assert.Equal(template.Text.Replace("target: http://127.0.0.1:5080", "target: http://shop.test:8080/api"), text);
    }

    [Theory]
    [InlineData("laod", "Did you mean 'load'? ")]
    [InlineData("recovery", "There are load, stress")]
    [InlineData("", "There are load, stress")]
    public void A_name_that_is_not_known_gets_a_suggestion(string name, string remedy)
    {
        Assert.Null(PlanTemplates.Find(name, out var told));
        Assert.StartsWith(remedy, told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_no_URL_is_told()
    {
        Assert.Null(PlanTemplates.For(PlanTemplates.All[0], "shop.test", out var problem));
        Assert.Contains("not an http or https URL", problem.Message, StringComparison.Ordinal);
    }
}
