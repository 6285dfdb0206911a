using System.Text.Json.Nodes;

namespace Pressure.Chaos.Tests.Experiments;

public sealed class ExperimentReaderTests
{
    private const string Whole = """
        title: "The shop without ${what}"
        description: Kills one of its services.
        tags: [ shop, kill ]
        contributions: { availability: high }
        configuration:
          what: its item service
          port: { type: env, key: SHOP_PORT, default: 5080, env_var_type: int }
          allowed: [ 200, 404 ]
        secrets:
          shop: { token: { type: env, key: SHOP_TOKEN } }
        steady-state-hypothesis:
          title: It answers
          probes:
            - type: probe
              name: answers
              tolerance: "${allowed}"
              provider: { type: http, url: "http://127.0.0.1:${port}/health", headers: { Authorization: "Bearer ${token}" }, timeout: 2, verify_tls: no }
        method:
          - type: action
            name: kill
            background: true
            pauses: { before: 1, after: 2.5 }
            provider:
              type: pressure
              fault: container-stop
              target: { container: { labels: { app: shop }, mode: 50% } }
              duration: 30s
              arguments: { grace: 5s }
              stages: [ 1, 25%, 100% ]
              stageTime: 20s
          - { ref: answers }
          - type: probe
            name: port
            tolerance: true
            provider: { type: pressure, probe: tcp, arguments: { address: "127.0.0.1:${port}" } }
        rollbacks:
          - { type: action, name: tidy, provider: { type: process, path: /bin/echo, arguments: { --port: "${port}" }, timeout: 3 } }
        extensions:
          - { name: pressure, lease: 5s, maxTargets: 3, maxShare: 50%, risky: true, probeEvery: 500ms, stopOnDeviation: false, settle: 10s, load: peak.yaml, calendar: { cron: 0 0 3 ? * MON } }
          - { name: somebody, else: 1 }
        x-ours: kept
        """;

    private static Experiment Read() => SampleKinds.Read(Whole, ("SHOP_TOKEN", "s3cret-s3cret"));

    [Fact]
    public void Everything_is_read()
    {
        var experiment = Read();

        Assert.Equal("The shop without its item service", experiment.Title);
        Assert.Equal(["shop", "kill"], experiment.Tags);
        var fault = Assert.IsType<Provider.Fault>(experiment.Method[0].Provider);
        Assert.Equal(("container-stop", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20)), (fault.Kind, fault.Duration, fault.StageTime));
        Assert.Equal([new SelectionMode.Fixed(1), new SelectionMode.Percent(0.25), new SelectionMode.Percent(1)], fault.Stages);
        Assert.Equal((TargetKind.Container, "shop", new SelectionMode.Percent(0.5)), (fault.Selector.Kind, fault.Selector.Labels["app"], fault.Selector.Mode));
        Assert.Equal("5s", (string?)fault.Arguments["grace"]);
        Assert.True(experiment.Method[0].Background);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.5)), (experiment.Method[0].PauseBefore, experiment.Method[0].PauseAfter));
        Assert.Equal("127.0.0.1:5080", (string?)Assert.IsType<Provider.Probe>(experiment.Method[2].Provider).Arguments["address"]);
        Assert.Equal(["--port", "5080"], Assert.IsType<Provider.Process>(experiment.Rollbacks[0].Provider).Arguments);
        Assert.Equal(
            new ExperimentSettings { Lease = TimeSpan.FromSeconds(5), MaxTargets = 3, MaxShare = 0.5, Risky = true, ProbeEvery = TimeSpan.FromMilliseconds(500), StopOnDeviation = false, Settle = TimeSpan.FromSeconds(10), Load = "peak.yaml" },
            experiment.Settings with { Calendar = null });
        Assert.Equal("0 0 3 ? * MON", (string?)experiment.Settings.Calendar!["cron"]);
    }

    [Fact]
    public void A_name_alone_keeps_its_type_and_one_inside_a_text_becomes_text()
    {
        var probe = Read().Hypothesis!.Probes[0];

        Assert.Equal("[200,404]", probe.Tolerance!.ToJsonString());
        var http = Assert.IsType<Provider.Http>(probe.Provider);
        Assert.Equal(("http://127.0.0.1:5080/health", "Bearer s3cret-s3cret", false), (http.Url, http.Headers["Authorization"], http.VerifyTls));
    }

    [Fact]
    public void A_reference_is_the_activity_that_it_names() => Assert.Equal("answers", Read().Method[1].Name);

    [Fact]
    public void What_is_somebody_elses_is_kept_and_noted()
    {
        var experiment = Read();

        Assert.Equal("kept", (string?)experiment.Document["x-ours"]);
        Assert.Equal("somebody", (string?)experiment.Document["extensions"]![1]!["name"]);
        Assert.Contains(experiment.Notices, n => n.Contains("somebody"));
    }

    [Fact]
    public void A_secret_is_in_no_document() => Assert.DoesNotContain("s3cret", ExperimentWriter.Write(Read()) + ExperimentWriter.Export(Read()));

    [Theory]
    [InlineData("$$")]
    [InlineData("${a}")]
    [InlineData("$a")]
    [InlineData("a$")]
    public void A_dollar_sign_in_a_key_is_the_same_after_an_export(string key)
    {
        foreach (var configuration in (string[])["", "configuration: { a: 1 }"])
        {
            var experiment = SampleKinds.Read($$"""
                title: dollars
                {{configuration}}
                method: [ { type: action, name: f, provider: { type: pressure, fault: container-kill, target: { container: { labels: { '{{key}}': b } } }, duration: 30s } } ]
                """);

            Assert.Null(SameExperiment.Problem(experiment, SampleKinds.Parse(ExperimentWriter.Export(experiment), "exported.json")));
        }
    }

    [Fact]
    public void JSON_is_read_like_YAML()
    {
        var json = Read().Document.ToJsonString();

        var (experiment, problems) = SampleKinds.Parse(json, "x.json", ("SHOP_TOKEN", "t"));

        Assert.Empty(problems);
        Assert.True(JsonNode.DeepEquals(Read().Document, experiment!.Document));
    }

    [Fact]
    public void An_alias_stands_for_what_it_names()
    {
        var experiment = SampleKinds.Read("""
            title: t
            method:
              - { type: action, name: a, provider: &p { type: process, path: echo } }
              - { type: action, name: b, provider: *p }
            """);

        Assert.Equal("echo", Assert.IsType<Provider.Process>(experiment.Method[1].Provider).Path);
    }

    [Fact]
    public void A_line_of_arguments_is_for_the_shell() => Assert.Equal("hello $HOME $$",
        Assert.IsType<Provider.Process>(SampleKinds.Read("title: t\nmethod: [ { type: action, name: a, provider: { type: process, path: echo, arguments: hello $HOME $$ } } ]").Method[0].Provider).CommandLine);

    [Theory]
    [InlineData("{ container: shop-item }", "shop-item")]
    [InlineData("{ container: { name: shop-item } }", "shop-item")]
    [InlineData("{ container: { names: [ shop-item, shop-cart ], mode: all } }", "shop-item,shop-cart")]
    public void A_target_may_be_named_shortly(string target, string names)
    {
        var fault = Assert.IsType<Provider.Fault>(SampleKinds.Read($"title: t\nmethod: [ {{ type: action, name: a, provider: {{ type: pressure, fault: container-kill, target: {target}, duration: 1s }} }} ]").Method[0].Provider);

        Assert.Equal(names, string.Join(',', fault.Selector.Names));
    }

    [Fact]
    public void A_route_says_where_it_listens_and_leads()
    {
        var fault = Assert.IsType<Provider.Fault>(SampleKinds.Read("title: t\nmethod: [ { type: action, name: a, provider: { type: pressure, fault: http-delay, target: { route: { listen: '127.0.0.1:1', to: 'http://127.0.0.1:2' } }, duration: 1s, arguments: { delay: 2s } } } ]").Method[0].Provider);

        Assert.Equal(new FaultTarget.Route("127.0.0.1:1", "http://127.0.0.1:2"), fault.Selector.Route);
    }
}
