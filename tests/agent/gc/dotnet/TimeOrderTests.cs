using System.Buffers.Binary;

namespace Pressure.Agent.Tests;

public sealed class TimeOrderTests
{
    private readonly List<long> _steps = [];
    private readonly TimeOrder _order;

    public TimeOrderTests() => _order = new TimeOrder(step => _steps.Add(step.At));

    [Fact]
    public void Steps_wait_for_a_mark_and_come_in_the_order_of_time_up_to_it()
    {
        Restart(30);
        Restart(10);
        Assert.Empty(_steps);

        Restart(20, isSorted: true);

        Assert.Equal([10, 20], _steps);
        Assert.True(_order.Waits);
        _order.Barrier();
        Assert.Equal([10, 20, 30], _steps);
        Assert.False(_order.Waits);
    }

    [Fact]
    public void Steps_without_any_mark_do_not_fill_the_memory()
    {
        for (var i = 0; i < TimeOrder.Most; i++)
            Restart(TimeOrder.Most - i);

        Assert.Equal(Enumerable.Range(1, TimeOrder.Most).Select(i => (long)i), _steps);
    }

    [Fact]
    public void Events_that_tell_nothing_of_collections_are_passed_over()
    {
        _order.Take(new RuntimeEvent { Id = 202, At = 1, IsSorted = false, PointerSize = 8, Payload = [1, 2] });

        Assert.False(_order.Waits);
    }

    [Fact]
    public void A_heap_of_a_size_that_no_machine_has_is_refused()
    {
        var sizes = new byte[110];
        BinaryPrimitives.WriteInt64LittleEndian(sizes, long.MaxValue);

        Assert.Throws<InvalidDataException>(() => _order.Take(new RuntimeEvent { Id = 4, At = 1, IsSorted = false, PointerSize = 8, Payload = sizes }));
    }

    private void Restart(long at, bool isSorted = false) =>
        _order.Take(new RuntimeEvent { Id = 7, At = at, IsSorted = isSorted, PointerSize = 8, Payload = [0, 0] });
}
