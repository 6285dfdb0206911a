using System.Text;

namespace Pressure.Cluster.Tests;

public sealed class CrewFileTests
{
    private static readonly CrewFile File = new()
    {
        PlanFolder = "/plans",
        Allow = ["shop.test"],
        Workers = [new WorkerCard { Name = "a", Instance = Guid.NewGuid(), Version = "1", Region = "eu" }, new WorkerCard { Name = "b", Instance = Guid.NewGuid(), Version = "1" }],
        Shares =
        [
            [
                new TermRecord(0, "a", TimeSpan.Zero) { IsLost = true, Until = TimeSpan.FromSeconds(9), Ended = new ShareEnded("a", 0, 0) { Seconds = 7, Until = TimeSpan.FromSeconds(7.5), LeaseRanOut = true } },
                new TermRecord(1, "b", TimeSpan.FromSeconds(9)),
            ],
            [new TermRecord(0, "b", TimeSpan.Zero)],
        ],
        Changes = [new OrderedChange(TimeSpan.FromSeconds(3), "rate 500/s")],
        OrdersBelow = 20_000,
        StoppedAt = TimeSpan.FromSeconds(11),
    };

    [Fact]
    public void What_was_written_is_read() =>
        Assert.Equal(Encoding.UTF8.GetString(File.Write()), Encoding.UTF8.GetString(CrewFile.Read(File.Write(), shares: 2).Write()));

    [Fact]
    public void Contradictions_are_no_state()
    {
        Assert.Throws<InvalidDataException>(() => CrewFile.Read(File.Write(), shares: 3));
        Assert.Throws<InvalidDataException>(() => CrewFile.Read((File with { Workers = [File.Workers[0]] }).Write(), shares: 2));
        Assert.Throws<InvalidDataException>(() => CrewFile.Read((File with { Shares = [File.Shares[1], []] }).Write(), shares: 2));
        Assert.Throws<InvalidDataException>(() => CrewFile.Read((File with { Shares = [[File.Shares[0][1]], File.Shares[1]] }).Write(), shares: 2));
        Assert.Throws<InvalidDataException>(() => CrewFile.Read((File with { OrdersBelow = -1 }).Write(), shares: 2));
    }

    [Fact]
    public void A_damaged_file_is_never_anything_but_no_state()
    {
        var bytes = File.Write();
        var random = new Random(3);
        for (var i = 0; i < 3_000; i++)
        {
            var damaged = bytes.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                CrewFile.Read(damaged.AsSpan(0, random.Next(2) == 0 ? damaged.Length : random.Next(damaged.Length)), shares: 2);
            }
            catch (InvalidDataException)
            {
                // As promised.
            }
        }
    }
}
