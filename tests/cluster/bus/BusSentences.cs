namespace Pressure.Cluster.Tests.Bus;

/// <summary>What every bus does.</summary>
public abstract class BusSentences
{
    /// <summary>Longer than anything takes on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    protected CancellationToken Limit { get; } = new CancellationTokenSource(Patience).Token;

    /// <summary>A bus with nothing in it, which others made by this test share.</summary>
    protected abstract Task<IBus> BusAsync();

    [Fact]
    public async Task Messages_come_in_the_order_in_which_they_were_sent()
    {
        await using var bus = await BusAsync();
        await using var box = await bus.OpenAsync("a", unacknowledged: 10, Limit);
        for (var i = 0; i < 100; i++)
            await bus.SendAsync("a", Number(i), Limit);
        Assert.Equal(Enumerable.Range(0, 100), await TakeAsync(box, 100));
    }

    [Fact]
    public async Task A_message_has_its_kind_and_its_bytes_which_may_be_kept()
    {
        await using var bus = await BusAsync();
        await using var box = await bus.OpenAsync("a", 2, Limit);
        await bus.SendAsync("a", new BusMessage("offer", new byte[] { 1, 2, 3 }), Limit);
        await bus.SendAsync("a", new BusMessage("begin", Array.Empty<byte>()), Limit);
        var first = await NextAsync(box);
        var second = await NextAsync(box);
        Assert.Equal(("offer", "begin"), (first.Message.Kind, second.Message.Kind));
        Assert.Equal([1, 2, 3], first.Message.Body.ToArray());
        Assert.Equal(0, second.Message.Body.Length);
    }

    [Fact]
    public async Task No_more_come_than_may_wait_for_their_acknowledgement()
    {
        await using var bus = await BusAsync();
        await using var box = await bus.OpenAsync("a", unacknowledged: 2, Limit);
        for (var i = 0; i < 3; i++)
            await bus.SendAsync("a", Number(i), Limit);
        await using var deliveries = box.ReadAsync(Limit).GetAsyncEnumerator(Limit);
        var first = await NextAsync(deliveries);
        await NextAsync(deliveries);
        var third = deliveries.MoveNextAsync();
        await Task.Delay(200, Limit);
        Assert.False(third.IsCompleted);
        await first.AcknowledgeAsync();
        Assert.True(await third);
        Assert.Equal(2, Of(deliveries.Current.Message));
    }

    [Fact]
    public async Task What_a_reader_leaves_behind_the_next_one_gets_first_and_in_order()
    {
        await using var bus = await BusAsync();
        var box = await bus.OpenAsync("a", unacknowledged: 3, Limit);
        for (var i = 0; i < 5; i++)
            await bus.SendAsync("a", Number(i), Limit);
        await using (var deliveries = box.ReadAsync(Limit).GetAsyncEnumerator(Limit))
        {
            await (await NextAsync(deliveries)).AcknowledgeAsync();
            await NextAsync(deliveries);
            await NextAsync(deliveries);
        }
        await box.DisposeAsync();
        await using var next = await bus.OpenAsync("a", 1, Limit);
        Assert.Equal([1, 2, 3, 4], await TakeAsync(next, 4));
    }

    [Fact]
    public async Task An_acknowledgement_after_its_reader_has_gone_changes_nothing()
    {
        await using var bus = await BusAsync();
        var box = await bus.OpenAsync("a", 1, Limit);
        await bus.SendAsync("a", Number(1), Limit);
        var late = await NextAsync(box);
        await box.DisposeAsync();
        await late.AcknowledgeAsync();
        await late.RefuseAsync("late");
        await using var next = await bus.OpenAsync("a", 1, Limit);
        Assert.Equal([1], await TakeAsync(next, 1));
        Assert.Equal(0, bus.Counts.Refused);
    }

    [Fact]
    public async Task Acknowledging_twice_is_acknowledging_once()
    {
        await using var bus = await BusAsync();
        await using var box = await bus.OpenAsync("a", 1, Limit);
        await bus.SendAsync("a", Number(1), Limit);
        await bus.SendAsync("a", Number(2), Limit);
        var first = await NextAsync(box);
        await first.AcknowledgeAsync();
        await first.AcknowledgeAsync();
        await first.RefuseAsync("no");
        Assert.Equal([2], await TakeAsync(box, 1));
        Assert.Equal(0, bus.Counts.Refused);
    }

    [Fact]
    public async Task A_mailbox_has_one_reader_at_a_time()
    {
        await using var bus = await BusAsync();
        var box = await bus.OpenAsync("a", 1, Limit);
        var taken = await Assert.ThrowsAsync<MailboxTakenException>(() => bus.OpenAsync("a", 1, Limit));
        Assert.Contains("a", taken.Message);
        await box.DisposeAsync();
        await using var next = await bus.OpenAsync("a", 1, Limit);
        await bus.SendAsync("a", Number(3), Limit);
        Assert.Equal([3], await TakeAsync(next, 1));
    }

    [Fact]
    public async Task A_reader_that_was_disposed_of_reads_nothing_any_more()
    {
        await using var bus = await BusAsync();
        var box = await bus.OpenAsync("a", 1, Limit);
        var reading = DrainAsync(box);
        await box.DisposeAsync();
        Assert.Equal(0, await reading.WaitAsync(Limit));
        await bus.SendAsync("a", Number(1), Limit);
        Assert.Equal(0, await DrainAsync(box).WaitAsync(Limit));
    }

    [Fact]
    public async Task A_cancelled_reader_has_taken_nothing_away()
    {
        await using var bus = await BusAsync();
        await using var box = await bus.OpenAsync("a", 1, Limit);
        using (var stop = new CancellationTokenSource())
        {
            var reading = box.ReadAsync(stop.Token).GetAsyncEnumerator(stop.Token).MoveNextAsync();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        }
        await bus.SendAsync("a", Number(1), Limit);
        Assert.Equal([1], await TakeAsync(box, 1));
    }

    [Fact]
    public async Task What_is_cancelled_before_it_begins_is_not_done()
    {
        await using var bus = await BusAsync();
        var gone = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bus.OpenAsync("a", 1, gone));
        await using var box = await bus.OpenAsync("a", 1, Limit);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await bus.SendAsync("a", Number(1), gone));
        await bus.SendAsync("a", Number(2), Limit);
        Assert.Equal([2], await TakeAsync(box, 1));
    }

    [Fact]
    public async Task A_mailbox_that_is_not_there_takes_no_messages()
    {
        await using var bus = await BusAsync();
        var refused = await Assert.ThrowsAsync<BusException>(async () => await bus.SendAsync("nobody", Number(1), Limit));
        Assert.Contains("no mailbox nobody", refused.Message);
        Assert.Equal(0, bus.Counts.Sent);
    }

    [Fact]
    public async Task A_removed_mailbox_ends_its_reader_and_is_empty_when_it_is_made_again()
    {
        await using var bus = await BusAsync();
        var box = await bus.OpenAsync("a", 1, Limit);
        await bus.SendAsync("a", Number(1), Limit);
        await bus.SendAsync("a", Number(2), Limit);
        await using (var deliveries = box.ReadAsync(Limit).GetAsyncEnumerator(Limit))
        {
            await NextAsync(deliveries);
            await bus.RemoveAsync("a", Limit);
            Assert.False(await deliveries.MoveNextAsync());
        }
        await box.DisposeAsync();
        await bus.RemoveAsync("a", Limit);
        await Assert.ThrowsAsync<BusException>(async () => await bus.SendAsync("a", Number(3), Limit));
        await using var next = await bus.OpenAsync("a", 1, Limit);
        await bus.SendAsync("a", Number(4), Limit);
        Assert.Equal([4], await TakeAsync(next, 1));
    }

    [Fact]
    public async Task A_topic_tells_all_who_listen_and_nobody_else()
    {
        await using var bus = await BusAsync();
        await bus.TellAsync("beats", Number(0), Limit);
        await using var one = await bus.ListenAsync("beats", Limit);
        await using var two = await bus.ListenAsync("beats", Limit);
        await using var other = await bus.ListenAsync("orders", Limit);
        for (var i = 1; i <= 3; i++)
            await bus.TellAsync("beats", Number(i), Limit);
        await bus.TellAsync("orders", Number(9), Limit);
        Assert.Equal([1, 2, 3], await HearAsync(one, 3));
        Assert.Equal([1, 2, 3], await HearAsync(two, 3));
        Assert.Equal([9], await HearAsync(other, 1));
    }

    [Fact]
    public async Task A_listener_that_does_not_read_loses_the_oldest_and_that_is_counted()
    {
        const int Told = InProcessBus.TopicCapacity + 300;
        await using var bus = await BusAsync();
        await using var listener = await bus.ListenAsync("beats", Limit);
        for (var i = 0; i < Told; i++)
            await bus.TellAsync("beats", Number(i), Limit);
        await using var heard = listener.ReadAsync(Limit).GetAsyncEnumerator(Limit);
        await UntilAsync(() => bus.Counts.Dropped >= Told - InProcessBus.TopicCapacity);
        List<int> left = [];
        while (left is not [.., Told - 1] && await heard.MoveNextAsync())
            left.Add(Of(heard.Current));
        Assert.Equal(Told, left.Count + bus.Counts.Dropped);
        Assert.Equal(left.Order(), left);
    }

    [Fact]
    public async Task The_longest_body_arrives_whole_and_a_longer_one_is_refused()
    {
        await using var bus = await BusAsync();
        await using var box = await bus.OpenAsync("a", 1, Limit);
        var body = new byte[BusMessage.MostBytes];
        new Random(7).NextBytes(body);
        await bus.SendAsync("a", new BusMessage("piece", body), Limit);
        var delivery = await NextAsync(box);
        Assert.True(delivery.Message.Body.Span.SequenceEqual(body));
        await delivery.AcknowledgeAsync();
        var refused = await Assert.ThrowsAsync<BusException>(async () => await bus.SendAsync("a", new BusMessage("piece", new byte[BusMessage.MostBytes + 1]), Limit));
        Assert.Contains($"{BusMessage.MostBytes + 1} bytes", refused.Message);
        await Assert.ThrowsAsync<BusException>(async () => await bus.TellAsync("t", new BusMessage("orders", new byte[BusMessage.MostToldBytes + 1]), Limit));
    }

    [Fact]
    public async Task Five_thousand_messages_of_many_senders_arrive_once_each()
    {
        const int Messages = 5_000;
        await using var bus = await BusAsync();
        await using var box = await bus.OpenAsync("a", unacknowledged: 100, Limit);
        var sending = Parallel.ForAsync(0, Messages, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Limit }, async (i, stop) =>
            await bus.SendAsync("a", Number(i), stop));
        var taken = await TakeAsync(box, Messages);
        await sending;
        Assert.Equal(Enumerable.Range(0, Messages), taken.Order());
        Assert.Equal((Messages, Messages), (bus.Counts.Sent, bus.Counts.Delivered));
    }

    [Fact]
    public async Task A_refused_message_is_counted_and_does_not_come_again()
    {
        await using var bus = await BusAsync();
        await using var box = await bus.OpenAsync("a", 1, Limit);
        await bus.SendAsync("a", new BusMessage("gibberish", new byte[] { 9 }), Limit);
        await bus.SendAsync("a", Number(2), Limit);
        await (await NextAsync(box)).RefuseAsync("not JSON");
        Assert.Equal([2], await TakeAsync(box, 1));
        Assert.Equal(1, bus.Counts.Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("../x")]
    [InlineData("a#b")]
    [InlineData("é")]
    public async Task Names_are_of_letters_digits_dots_and_hyphens(string name)
    {
        await using var bus = await BusAsync();
        await Assert.ThrowsAsync<BusException>(() => bus.OpenAsync(name, 1, Limit));
        await Assert.ThrowsAsync<BusException>(async () => await bus.TellAsync(name, Number(1), Limit));
        await Assert.ThrowsAsync<BusException>(() => bus.OpenAsync(new string('x', 181), 1, Limit));
    }

    [Fact]
    public async Task After_its_end_a_bus_carries_nothing_and_its_readers_have_ended()
    {
        var bus = await BusAsync();
        var box = await bus.OpenAsync("a", 1, Limit);
        var listener = await bus.ListenAsync("t", Limit);
        var (reading, hearing) = (DrainAsync(box), HearAllAsync(listener));
        await bus.DisposeAsync();
        Assert.Equal((0, 0), (await reading.WaitAsync(Limit), await hearing.WaitAsync(Limit)));
        Assert.False(bus.IsConnected);
        await Assert.ThrowsAsync<BusException>(async () => await bus.SendAsync("a", Number(1), Limit));
        await Assert.ThrowsAsync<BusException>(async () => await bus.TellAsync("t", Number(1), Limit));
        await Assert.ThrowsAsync<BusException>(() => bus.OpenAsync("b", 1, Limit));
        await bus.DisposeAsync();
    }

    protected static BusMessage Number(int number) => new("number", BitConverter.GetBytes(number));

    protected static int Of(BusMessage message) => BitConverter.ToInt32(message.Body.Span);

    protected async Task<BusDelivery> NextAsync(IMailbox box)
    {
        await foreach (var delivery in box.ReadAsync(Limit))
            return delivery;
        throw new InvalidOperationException("The mailbox ended.");
    }

    protected async Task<List<int>> TakeAsync(IMailbox box, int count)
    {
        List<int> taken = [];
        await foreach (var delivery in box.ReadAsync(Limit))
        {
            taken.Add(Of(delivery.Message));
            await delivery.AcknowledgeAsync();
            if (taken.Count == count)
                break;
        }
        return taken;
    }

    protected async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(20, Limit);
    }

    private static async Task<BusDelivery> NextAsync(IAsyncEnumerator<BusDelivery> deliveries) =>
        await deliveries.MoveNextAsync() ? deliveries.Current : throw new InvalidOperationException("The mailbox ended.");

    private async Task<List<int>> HearAsync(IListener listener, int count)
    {
        List<int> heard = [];
        await foreach (var message in listener.ReadAsync(Limit))
        {
            heard.Add(Of(message));
            if (heard.Count == count)
                break;
        }
        return heard;
    }

    private async Task<int> DrainAsync(IMailbox box)
    {
        var count = 0;
        await foreach (var _ in box.ReadAsync(Limit))
            count++;
        return count;
    }

    private async Task<int> HearAllAsync(IListener listener)
    {
        var count = 0;
        await foreach (var _ in listener.ReadAsync(Limit))
            count++;
        return count;
    }
}
