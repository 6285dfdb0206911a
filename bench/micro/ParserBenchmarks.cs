using System.Text;
using BenchmarkDotNet.Attributes;
using Pressure.LoadGen.Engine;

namespace Pressure.Bench.Micro;

/// <summary>What it costs to read a response's bytes.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private const string Head = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 04:00:00 GMT\r\nContent-Type: application/json\r\n";

    private readonly ResponseParser _parser = new();
    private readonly byte[] _small = Encoding.ASCII.GetBytes(Head + "Content-Length: 5\r\nConnection: keep-alive\r\n\r\nhello");
    private readonly byte[] _chunked = Encoding.ASCII.GetBytes(
        Head + "Transfer-Encoding: chunked\r\n\r\n" + string.Concat(Enumerable.Repeat("400\r\n" + new string('x', 1024) + "\r\n", 16)) + "0\r\n\r\n");

    [Benchmark]
    public bool Small_response() => Parse(_small);

    [Benchmark]
    public bool Sixteen_chunks_of_a_kibibyte() => Parse(_chunked);

    private bool Parse(byte[] response)
    {
        _parser.Begin(headRequest: false);
        return _parser.Feed(response, null, out _) == ParseOutcome.Complete;
    }
}
