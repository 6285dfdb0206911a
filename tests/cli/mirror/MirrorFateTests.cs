using Pressure.Mirror;
using Pressure.Reports;

namespace Pressure.Cli.Tests.Mirror;

/// <summary>The report's words are the mirror's.</summary>
public class MirrorFateTests
{
    [Fact]
    public void Every_fate_of_a_copy_stands_in_one_group_of_the_report() =>
        Assert.Equal(
            CopyFates.Final.Select(f => f.Word()).Order(),
            MirrorFates.NotMeant.Concat(MirrorFates.NotPossible).Concat(MirrorFates.Lost).Append(MirrorFates.Copied).Order());
}
