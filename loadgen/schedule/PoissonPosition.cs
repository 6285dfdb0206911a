namespace Pressure.LoadGen;

/// <summary>A place in a Poisson schedule; moving forward within a block takes one step per start.</summary>
internal struct PoissonPosition(PoissonSchedule schedule)
{
    private int _block = -1;
    private long _next;
    private long _end;
    // What is left (0 to 1) of the block after the start before _next.
    private double _left;

    public TimeSpan MoveTo(long n)
    {
        if (_block < 0 || n < _next - 1 || n >= _end)
            Enter(schedule.BlockOf(n));
        while (_next <= n)
            Step();
        var length = schedule.LengthOf(_block);
        var level = (Int128)((1 - _left) * (double)length);
        return schedule.Profile.TimeOf((_block * schedule.BlockLevels) + Int128.Min(level, length - 1));
    }

    private void Enter(int block)
    {
        _block = block;
        (_next, _end) = schedule.StartsOf(block);
        _left = 1;
    }

    private void Step()
    {
        // The smallest of r uniform numbers leaves the r-th root of a uniform number above it.
        var (first, _) = schedule.StartsOf(_block);
        var uniform = SeededUniform.At(schedule.Seed, _block, _next - first + 1);
        _left *= Math.Exp(Math.Log(uniform) / (_end - _next));
        _next++;
    }
}
