using YamlDotNet.RepresentationModel;

namespace Pressure.Deploy.Tests;

/// <summary>What stands in the manifests, as far as that can be told without a cluster.</summary>
public sealed class ManifestTests
{
    private static readonly string Base = Path.Combine(PressureImage.Root, "deploy/kubernetes/base");

    private static List<YamlMappingNode> Documents => [.. Directory.EnumerateFiles(Base, "*.yaml").Where(f => Path.GetFileName(f) != "kustomization.yaml").SelectMany(Read)];

    private static IEnumerable<YamlMappingNode> Workloads => Documents.Where(d => Text(d, "kind") is "Deployment" or "StatefulSet" or "DaemonSet");

    [Fact]
    public void Every_file_is_named_in_the_kustomization_and_every_name_is_a_file()
    {
        var named = ((YamlSequenceNode)Read(Path.Combine(Base, "kustomization.yaml")).Single()["resources"]).Select(n => ((YamlScalarNode)n).Value!).Order();

        Assert.Equal(Directory.EnumerateFiles(Base, "*.yaml").Select(f => Path.GetFileName(f)).Where(f => f != "kustomization.yaml").Order(), named);
    }

    [Fact]
    public void Every_container_has_limits_and_gives_up_what_it_does_not_need() => Assert.All(Workloads.SelectMany(Containers), container =>
    {
        Assert.NotNull(container["resources"]["limits"]["memory"]);
        Assert.Equal("false", ((YamlScalarNode)container["securityContext"]["allowPrivilegeEscalation"]).Value);
        Assert.Equal("ALL", ((YamlScalarNode)container["securityContext"]["capabilities"]["drop"][0]).Value);
    });

    [Fact]
    public void Every_selector_finds_its_own_pods() => Assert.All(Workloads, workload =>
        Assert.Equal(workload["spec"]["selector"]["matchLabels"].ToString(), workload["spec"]["template"]["metadata"]["labels"].ToString()));

    [Fact]
    public void Every_volume_that_is_mounted_is_there() => Assert.All(Workloads, workload =>
    {
        var spec = (YamlMappingNode)workload["spec"]["template"]["spec"];
        var volumes = Names(spec, "volumes").Concat(Names((YamlMappingNode)workload["spec"], "volumeClaimTemplates"));
        Assert.Subset(volumes.ToHashSet(), Containers(workload).SelectMany(c => Names(c, "volumeMounts")).ToHashSet());
    });

    [Fact]
    public void Nothing_is_open_that_no_policy_opens()
    {
        var policies = Documents.Where(d => Text(d, "kind") == "NetworkPolicy").ToList();

        Assert.Contains(policies, p => ((YamlMappingNode)p["spec"]["podSelector"]).Children.Count == 0 && !((YamlMappingNode)p["spec"]).Children.ContainsKey("egress"));
        Assert.All(Workloads.Where(w => Text(w, "kind") != "DaemonSet"), w =>
            Assert.Contains(policies, p => p["spec"]["podSelector"].ToString() == w["spec"]["selector"].ToString()));
    }

    private static IEnumerable<YamlMappingNode> Containers(YamlMappingNode workload) =>
        ((YamlSequenceNode)workload["spec"]["template"]["spec"]["containers"]).Cast<YamlMappingNode>();

    private static IEnumerable<string> Names(YamlMappingNode node, string list) => node.Children.TryGetValue(list, out var items)
        ? ((YamlSequenceNode)items).Select(i => i is YamlMappingNode map && map.Children.TryGetValue("name", out var name) ? ((YamlScalarNode)name).Value! : ((YamlScalarNode)i["metadata"]["name"]).Value!)
        : [];

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static IEnumerable<YamlMappingNode> Read(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(file);
        stream.Load(reader);
        return [.. stream.Documents.Select(d => (YamlMappingNode)d.RootNode)];
    }
}
