using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Agent.Tests;

public sealed class ContainerPathTests
{
    private const string Id = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private const string Other = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    [Theory]
    [InlineData($"0::/system.slice/docker-{Id}.scope", "Docker by systemd")]
    [InlineData($"4:memory:/docker/{Id}", "Docker by itself")]
    [InlineData($"4:memory:/custom/parent/{Id}", "Docker with a parent of its own")]
    [InlineData($"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod12_34.slice/cri-containerd-{Id}.scope", "Kubernetes, containerd by systemd")]
    [InlineData($"0::/kubepods/besteffort/pod1234-56/{Id}", "Kubernetes, containerd by itself")]
    [InlineData($"0::/kubepods.slice/kubepods-pod1.slice/crio-{Id}.scope", "Kubernetes, CRI-O")]
    [InlineData($"1:cpu:/system.slice/containerd.service/kubepods-burstable-pod1.slice:cri-containerd:{Id}", "Kubernetes, mixed")]
    [InlineData($"0::/machine.slice/libpod-{Id}.scope/container", "Podman")]
    [InlineData($"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{Id}.scope/container/sub", "Podman without root")]
    [InlineData($"0::/docker/{Id}/docker/{Other}", "Docker in Docker")]
    [InlineData($"9:pids:/\n0::/docker/{Id}", "not in the first line")]
    public void The_id_stands_in_the_path(string text, string who) =>
        Assert.True(Id == Encoding.ASCII.GetString(ContainerPath.IdIn(Encoding.ASCII.GetBytes(text))), who);

    [Theory]
    [InlineData("")]
    [InlineData("0::/")]
    [InlineData("0::/user.slice/session-1.scope")]
    [InlineData($"0::/machine.slice/libpod-conmon-{Id}.scope")]
    [InlineData($"0::/docker/{Id}0")]
    [InlineData($"0::/docker/{Id}.mount")]
    [InlineData($"0::/docker/x{Id}")]
    [InlineData($"0::/docker/{Id} (deleted)")]
    [InlineData("0::/docker/0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C4B5A69788796A5B4C3D2E1F0")]
    [InlineData("garbage")]
    [InlineData("::::")]
    public void What_is_no_container_is_none(string text) => Assert.Null(Parse(text));

    [Fact]
    public void Version_1_has_a_folder_for_each_controller() =>
        Assert.Equal(
            new ContainerPath(Id, false, $"/cg/cpuacct/docker/{Id}", $"/cg/cpu/docker/{Id}", $"/cg/memory/docker/{Id}"),
            Parse($"9:name=systemd:/docker/{Id}\n4:memory:/docker/{Id}/inside\n2:cpu,cpuacct:/docker/{Id}\n0::/system.slice/docker.service\n"));

    [Fact]
    public void Version_2_has_one_folder_and_what_a_container_has_inside_belongs_to_it() =>
        Assert.Equal(
            new ContainerPath(Id, true, $"/cg/machine.slice/libpod-{Id}.scope", $"/cg/machine.slice/libpod-{Id}.scope", $"/cg/machine.slice/libpod-{Id}.scope"),
            Parse($"0::/machine.slice/libpod-{Id}.scope/container\n"));

    [Fact]
    public void A_controller_without_a_group_for_the_container_has_no_folder() =>
        Assert.Equal(new ContainerPath(Id, false, $"/cg/cpuacct/docker/{Id}", null, null), Parse($"4:memory:/\n3:cpuacct:/docker/{Id}\n2:cpu:/docker/{Other}x\n"));

    [Fact]
    public void A_path_that_leads_out_of_the_mount_is_not_followed() => Assert.Null(Parse($"0::/../../docker/{Id}")!.Usage);

    [Fact]
    public void Any_text_is_read_without_harm()
    {
        var parts = Gen.Elements("0::", "4:memory:", "cpu,cpuacct", ":", "/", "\n", Id, "docker-", ".scope", "conmon", "..", Id[..63], "\0", "é", "libpod-");
        Prop.ForAll(parts.ListOf().Select(p => string.Concat(p)).ToArbitrary(), text =>
        {
            var path = Parse(text);
            return path is null || (path.Id.Length == 64 && (path.Usage is null || !path.Usage.Contains("/../", StringComparison.Ordinal)));
        }).QuickCheckThrowOnFailure();
    }

    private static ContainerPath? Parse(string text) => ContainerPath.Parse(Encoding.UTF8.GetBytes(text), "/cg");
}
