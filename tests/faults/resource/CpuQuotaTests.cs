namespace Pressure.Faults.Tests.Resource;

public sealed class CpuQuotaTests : IDisposable
{
    private const string Kind = "process-cpu-quota";

    private readonly Trial _trial = new();
    private readonly OwnGroup _group = new("cpu");
    private readonly ChildProcess _child = ChildProcess.Waiting();

    public CpuQuotaTests() => _group.Add(_child.Pid);

    public void Dispose()
    {
        _child.Dispose();
        _group.Dispose();
        _trial.Dispose();
    }

    [Fact]
    public async Task The_quota_holds_and_every_setting_is_byte_for_byte_as_before_when_undone()
    {
        _group.Write("cpu.cfs_period_us", "50000");
        _group.Write("cpu.cfs_quota_us", "75000");
        var before = _group.Settings();

        var intent = await _trial.ApplyAsync(Kind, _child.Target, ("percent", "10%"), ("cores", "2"));
        Assert.Equal("10000\n", _group.Read("cpu.cfs_quota_us"));
        Assert.Contains("still stands at '10000' instead of '75000'", await _trial.ResidueAsync(intent));

        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.Equal(before, _group.Settings());
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task Undoing_before_applying_and_undoing_twice_is_harmless()
    {
        var before = _group.Settings();
        var intent = await _trial.PrepareAsync(Kind, _child.Target, ("percent", "10%"));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        await _trial.ApplyAsync(intent);
        Assert.IsType<UndoOutcome.Undone>(await _trial.UndoAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        Assert.Equal(before, _group.Settings());
    }

    [Fact]
    public async Task What_somebody_else_has_set_meanwhile_stays()
    {
        var intent = await _trial.ApplyAsync(Kind, _child.Target, ("percent", "10%"));
        _group.Write("cpu.cfs_quota_us", "33000");
        Assert.Contains("by somebody else", Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent)).Why);
        Assert.Equal("33000\n", _group.Read("cpu.cfs_quota_us"));
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task What_somebody_else_sets_between_looking_and_applying_makes_it_fail_and_stays()
    {
        var intent = await _trial.PrepareAsync(Kind, _child.Target, ("percent", "10%"));
        _group.Write("cpu.cfs_quota_us", "33000");
        await Assert.ThrowsAsync<FaultException>(() => _trial.ApplyAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        Assert.Equal("33000\n", _group.Read("cpu.cfs_quota_us"));
    }

    [Fact]
    public async Task A_group_that_is_gone_or_was_made_anew_is_left_alone()
    {
        var intent = await _trial.ApplyAsync(Kind, _child.Target, ("percent", "10%"));
        _group.Remove();
        Assert.Equal("its control group is gone", Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent)).Why);

        // The new one happens to have the very same quota: it is its own.
        _group.Make();
        _group.Write("cpu.cfs_quota_us", "10000");
        Assert.IsType<UndoOutcome.NothingToUndo>(await _trial.UndoAsync(intent));
        Assert.Equal("10000\n", _group.Read("cpu.cfs_quota_us"));
        Assert.Null(await _trial.ResidueAsync(intent));
    }

    [Fact]
    public async Task A_second_quota_on_the_same_group_is_refused_as_long_as_the_first_is_under_way()
    {
        var first = await _trial.ApplyAsync(Kind, _child.Target, ("percent", "50%"));
        Assert.Contains("already", Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target, ("percent", "10%"))));
        await _trial.UndoAsync(first);
        _trial.Forget(first);
        Trial.Ready(await _trial.TryPrepareAsync(Kind, _child.Target, ("percent", "10%")));
    }

    [Fact]
    public async Task More_than_it_has_a_group_that_is_ours_too_and_no_group_at_all_are_refused()
    {
        _group.Write("cpu.cfs_quota_us", "20000");
        Assert.Contains("0.2 cores only", Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target, ("percent", "20%"))));

        using var free = ChildProcess.Waiting();
        Assert.Contains("no control group of its own", Trial.Why(await _trial.TryPrepareAsync(Kind, free.Target, ("percent", "20%"))));
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_arguments_is_told_at_once()
    {
        var why = Trial.Why(await _trial.TryPrepareAsync(Kind, _child.Target, ("share", "1"), ("cores", "many")));
        Assert.Contains("takes no 'share'", why);
        Assert.Contains("needs 'percent'", why);
        Assert.Contains("'many'", why);
    }

    [Fact]
    public async Task Fifty_targets_are_struck_and_put_back_at_once()
    {
        var children = Enumerable.Range(0, 50).Select(_ => ChildProcess.Waiting()).ToList();
        var groups = children.ConvertAll(_ => new OwnGroup("cpu"));
        try
        {
            for (var i = 0; i < children.Count; i++)
                groups[i].Add(children[i].Pid);
            var intents = await Task.WhenAll(children.Select(c => _trial.ApplyAsync(Kind, c.Target, ("percent", "10%"))));
            Assert.All(groups, g => Assert.Equal("10000\n", g.Read("cpu.cfs_quota_us")));
            Assert.All(await Task.WhenAll(intents.Select(_trial.UndoAsync)), o => Assert.IsType<UndoOutcome.Undone>(o));
            Assert.All(groups, g => Assert.Equal("-1\n", g.Read("cpu.cfs_quota_us")));
        }
        finally
        {
            children.ForEach(c => c.Dispose());
            groups.ForEach(g => g.Dispose());
        }
    }
}
