namespace Pressure.Reports.Tests;

public class ThresholdGrammarTests
{
    [Theory]
    [InlineData("http_req_duration", "p(95) < 500ms")]
    [InlineData("http_req_duration", "p(95)<500")]
    [InlineData("http_req_duration", "  p( 99.9 )   <=  1.5s ")]
    [InlineData("http_req_duration", "avg < 2m")]
    [InlineData("http_req_duration", "med >= 1ms")]
    [InlineData("http_req_duration", "min > 0")]
    [InlineData("http_req_duration", "max != 3s")]
    [InlineData("http_req_service_time", "p(50) < 1e3")]
    [InlineData("http_req_failed", "rate < 1%")]
    [InlineData("http_req_failed", "rate<0.01")]
    [InlineData("http_req_failed", "rate === 0")]
    [InlineData("checks", "rate == 100%")]
    [InlineData("http_reqs", "count >= 1000")]
    [InlineData("http_reqs", "rate > 100/s")]
    [InlineData("iterations", "rate > 10")]
    [InlineData("dropped_iterations", "count < 1")]
    [InlineData("answers_differing", "rate < 1%")]
    [InlineData("answers_differing", "rate == 0")]
    [InlineData("data_received", "rate > 1000")]
    [InlineData("host_cpu", "max < 90%")]
    [InlineData("host_memory", "avg < 0.5")]
    [InlineData("http_req_duration{name:buy}", "p(95) < 500ms")]
    [InlineData("http_req_duration{ name: buy , method: POST }", "p(95) < 500ms")]
    [InlineData("http_req_duration{name:\"a, b: {c}\"}", "p(95) < 500ms")]
    [InlineData("http_req_duration{name:http://host/path}", "p(95) < 500ms")]
    public void Reads_what_k6_writes(string metric, string expression)
    {
        Assert.True(Threshold.TryParse(metric, expression, out var threshold, out var error), error);
        Assert.Equal($"{metric.Trim()}: {expression.Trim()}", threshold!.ToString());
    }

    [Theory]
    [InlineData("http_req_duratoin", "p(95) < 500ms", "did you mean 'http_req_duration'?")]
    [InlineData("iteration_duration", "p(95) < 500ms", "'http_req_duration' comes nearest")]
    [InlineData("", "p(95) < 500ms", "metric is missing")]
    [InlineData("http_req_duration", "p95 < 500ms", "not of the form")]
    [InlineData("http_req_duration", "p(101) < 500ms", "has no aggregation 'p(101)'")]
    [InlineData("http_req_duration", "rate < 500ms", "it has avg, min, med, max, p(N)")]
    [InlineData("http_req_duration", "p(95) < 5%", "unit '%' does not fit")]
    [InlineData("http_req_failed", "rate < 1ms", "unit 'ms' does not fit")]
    [InlineData("http_req_failed", "count < 1", "it has rate")]
    [InlineData("http_reqs", "count > 10%", "unit '%' does not fit")]
    [InlineData("http_reqs", "value > 10", "it has count, rate")]
    [InlineData("http_req_duration", "", "not of the form")]
    [InlineData("http_req_duration", "p(95) < NaN", "not of the form")]
    [InlineData("http_req_duration", "p(95) < 1e999", "out of range")]
    [InlineData("http_req_duration", "p(95) 500ms", "not of the form")]
    [InlineData("http_req_duration{status:200}", "p(95) < 500ms", "Unknown tag 'status'; there are name, scenario, service, method")]
    [InlineData("http_req_duration{name}", "p(95) < 500ms", "has no value")]
    [InlineData("http_req_duration{name:}", "p(95) < 500ms", "empty value")]
    [InlineData("http_req_duration{name:buy", "p(95) < 500ms", "stand in braces")]
    [InlineData("iterations{scenario:buy}", "count > 1", "carries no tags")]
    [InlineData("answers_differing{name:buy}", "rate < 1%", "carries no tags")]
    [InlineData("answers_differing", "count < 1", "it has rate")]
    [InlineData("answers_differing", "rate < 1/s", "unit '/s' does not fit")]
    [InlineData("host_cpu{name:local}", "max < 90%", "Unknown tag 'name'; there are host, service")]
    [InlineData("host_cpu", "rate < 90%", "it has avg, min, max")]
    [InlineData("host_cpu", "max < 90ms", "unit 'ms' does not fit")]
    public void Says_what_is_wrong_and_what_would_be_right(string metric, string expression, string expected)
    {
        Assert.False(Threshold.TryParse(metric, expression, out var threshold, out var error));
        Assert.Null(threshold);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_req_duration", "p(95) < 500ms", "Response time p95 below 500 ms", "响应时间 p95 低于 500 ms")]
    [InlineData("http_req_failed", "rate <= 1%", "Failed requests at most 1 %", "请求失败率不超过 1 %")]
    [InlineData("http_reqs{name:buy}", "rate > 100", "Requests per second above 100/s (name buy)", "每秒请求数高于 100/s（name buy）")]
    [InlineData("nonsense", "rate > 100", "nonsense: rate > 100", "nonsense: rate > 100")]
    [InlineData("host_cpu", "max < 90%", "CPU of the hosts maximum below 90 %", "主机 CPU 占用 最大值 低于 90 %")]
    public void Can_be_said_in_words(string metric, string expression, string english, string chinese)
    {
        var sentence = CriterionText.Of(new Record.ThresholdManifest(metric, expression));
        Assert.Equal(english, sentence.In(ReportLanguage.En));
        Assert.Equal(chinese, sentence.In(ReportLanguage.Zh));
    }

    [Fact]
    public void Every_metric_aggregation_and_operator_can_be_said()
    {
        foreach (var metric in Metric.All)
        {
            foreach (var aggregation in new[] { "avg", "min", "med", "max", "p(95)", "count", "rate" })
            {
                foreach (var op in new[] { "<", "<=", ">", ">=", "==", "===", "!=" })
                {
                    if (Threshold.TryParse(metric.Name, $"{aggregation} {op} 1", out _, out _))
                        Assert.NotEmpty(CriterionText.Of(new Record.ThresholdManifest(metric.Name, $"{aggregation} {op} 1")).In(ReportLanguage.Zh));
                }
            }
        }
    }
}
