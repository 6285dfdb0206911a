namespace Pressure.TrafficCopy.Tests;

public sealed class FollowedKeyLogTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly KeyLog _keys = new();

    public FollowedKeyLogTests() => _keys.Follow(_folder.File("keys"));

    private static byte[] Random(byte of) => [.. Enumerable.Repeat(of, 32)];

    private static string Line(byte of) => $"CLIENT_RANDOM {Convert.ToHexString(Random(of))} {new string('A', 96)}\n";

    [Fact]
    public void Secrets_are_found_once_they_are_written()
    {
        Assert.Null(_keys.Find(Random(1)));
        File.WriteAllText(_folder.File("keys"), Line(1));
        Assert.NotNull(_keys.Find(Random(1)));
        Assert.Null(_keys.Find(Random(2)));
        File.AppendAllText(_folder.File("keys"), Line(2)[..100]);
        Assert.Null(_keys.Find(Random(2)));
        File.AppendAllText(_folder.File("keys"), Line(2)[100..] + Line(3));
        Assert.NotNull(_keys.Find(Random(2)));
        Assert.NotNull(_keys.Find(Random(3)));
        Assert.Equal(3, _keys.Count);
    }

    [Fact]
    public void A_file_that_begins_anew_is_read_from_its_beginning()
    {
        File.WriteAllText(_folder.File("keys"), Line(1) + Line(2));
        Assert.NotNull(_keys.Find(Random(1)));
        File.WriteAllText(_folder.File("keys"), Line(3));

        Assert.NotNull(_keys.Find(Random(3)));
    }

    [Fact]
    public void A_long_file_is_read_whole()
    {
        File.WriteAllText(_folder.File("keys"), string.Concat(Enumerable.Range(0, 2_000).Select(_ => Line(7))) + Line(8));

        Assert.NotNull(_keys.Find(Random(8)));
    }

    public void Dispose() => _folder.Dispose();
}
