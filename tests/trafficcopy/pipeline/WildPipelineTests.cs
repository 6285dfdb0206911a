using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

/// <summary>The whole way from a file to exchanges, with files that were whole once.</summary>
public class WildPipelineTests
{
    private static readonly byte[] File = new PcapBuilder().Packets(
        new TalkBuilder { MaxSegment = 60 }.Open()
            .Client("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").Server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
            .Client("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n\r\n" + new string('b', 200)).Server("HTTP/1.1 204 No Content\r\n\r\n").Close().Frames
            .Concat(new TalkBuilder("10.0.0.1:40001", "10.0.0.2:6379").Open().Client("*1\r\n$4\r\nPING\r\n").Server("+PONG\r\n").Close().Frames)).ToArray();

    [Fact]
    public void Changed_files_are_taken_to_their_end_and_everything_is_accounted_for() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_500), Prop.ForAll(Mutation.Some, changes =>
        {
            var (accounts, exchanges) = (new CaptureAccounts(), new CountedExchanges());
            var pipeline = CapturePipeline.ToExchanges(exchanges, accounts, new CapturePipelineOptions { Conversations = new ConversationOptions { KeepRaw = true } });
            CaptureFileReader.Read(new MemoryStream(Mutation.Apply(File, changes)), "wild", pipeline, accounts);
            pipeline.Flush();

            Assert.True(accounts.IsBalanced, AccountsText.Of(accounts));
            Assert.Equal((0, exchanges.Count), (accounts[ByteFate.Held], accounts[Happening.Exchange]));
            Assert.True(exchanges.Ended <= accounts[Happening.Connection]);
            if (changes.Length == 0)
                Assert.Equal((3, 2), (exchanges.Count, exchanges.Ended));
        }));

    private sealed class CountedExchanges : IExchangeSink
    {
        public long Count { get; private set; }

        public long Ended { get; private set; }

        public void Take(CapturedExchange exchange) => Count++;

        public void EndConnection(long connection, long at) => Ended++;
    }
}
