namespace Pressure.LoadGen.Tests.Share;

public sealed class LoadLeaseTests
{
    [Fact]
    public void A_lease_holds_up_to_its_end_and_is_renewed_but_never_shortened()
    {
        var lease = new LoadLease(TimeSpan.FromSeconds(3));

        Assert.False(lease.IsOver(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1)));
        Assert.True(lease.Renew(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)));
        Assert.True(lease.Renew(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(5), lease.Until);
        Assert.False(lease.IsOver(TimeSpan.FromSeconds(4.9)));
        Assert.True(lease.IsOver(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void What_was_seen_to_have_run_out_can_not_be_renewed()
    {
        var lease = new LoadLease(TimeSpan.FromSeconds(3));

        Assert.True(lease.IsOver(TimeSpan.FromSeconds(3)));

        Assert.False(lease.Renew(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.FromSeconds(3), lease.Until);
        Assert.True(lease.IsOver(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public void What_has_run_out_can_not_be_renewed_though_nobody_has_looked()
    {
        var lease = new LoadLease(TimeSpan.FromSeconds(3));

        Assert.False(lease.Renew(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(3)));

        Assert.True(lease.IsOver(TimeSpan.FromSeconds(4)));
    }
}
