using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public class EndpointPatternTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/item/42", "/item/{id}")]
    [InlineData("/item/42/", "/item/{id}/")]
    [InlineData("/item/42?color=red&id=7", "/item/{id}")]
    [InlineData("/a#b", "/a")]
    [InlineData("/api/v2/users/8d3c0a4e-53b1-4b2f-9c1e-0a2b3c4d5e6f", "/api/v2/users/{uuid}")]
    [InlineData("/blob/da39a3ee5e6b4b0d3255bfef95601890afd80709", "/blob/{hash}")]
    [InlineData("/s/dQw4w9WgXcQ_Ab12Cd34Ef", "/s/{hash}")]
    [InlineData("/tea/green-tea-48213", "/tea/{slug}")]
    [InlineData("/report/2024-05-01", "/report/{date}")]
    [InlineData("/report/2024-05-01T10:00:00Z", "/report/{date}")]
    [InlineData("/user/ann@example.org", "/user/{email}")]
    [InlineData("/img/8841.jpg", "/img/{id}.jpg")]
    [InlineData("/lib/jquery-3.6.0.min.js", "/lib/jquery-3.6.0.min.js")]
    [InlineData("/cart;jsessionid=0A1B2C3D4E/items", "/cart/items")]
    [InlineData("http://shop.example/item/42", "/item/{id}")]
    [InlineData("http://shop.example", "/")]
    [InlineData("shop.example:443", ":443")]
    [InlineData("*", "*")]
    [InlineData("", "")]
    [InlineData("/r%C3%A9sum%C3%A9", "/r%C3%A9sum%C3%A9")]
    [InlineData("/résumé", "/r%C3%A9sum%C3%A9")]
    public void What_differs_between_requests_of_a_kind_is_replaced(string target, string pattern) =>
        Assert.Equal(pattern, PatternOf(Encoding.UTF8.GetBytes(target)));

    [Fact]
    public void A_long_path_is_cut() =>
        Assert.Equal("/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/...", PatternOf(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("/a", 40)))));

    [Fact]
    public void Any_bytes_have_a_pattern_of_bounded_length_in_printable_letters() =>
        Prop.ForAll<byte[]>(target => PatternOf([(byte)'/', .. target]).All(c => c is > ' ' and < (char)0x7F)).QuickCheckThrowOnFailure();

    [Fact]
    public void The_tally_lists_the_most_frequent_and_loses_no_request()
    {
        var tally = new EndpointTally();
        for (var i = 0; i < 30_000; i++)
        {
            tally.Add(Get($"/rare/x{i}y"));
            tally.Add(Get($"/often/{i}"));
        }

        var top = tally.Top;
        Assert.Equal(new EndpointCount("GET", "/often/{id}", 30_000), top[0]);
        Assert.Equal(60_000, top.Sum(e => e.Requests));
        Assert.Equal(EndpointTally.MostListed + 1, top.Count);
        Assert.True(top[^1].IsOther);
    }

    [Fact]
    public void The_table_finds_what_the_tally_listed_and_calls_all_else_other()
    {
        var tally = new EndpointTally();
        tally.Add(Get("/a/1"));
        tally.Add(Get("/a/2"));
        tally.Add(Get("/b", "post"));
        var table = new EndpointTable(tally.Top);

        Assert.Equal([new("GET", "/a/{id}", 2), new("POST", "/b", 1), EndpointTally.Other(0)], table.Endpoints);
        Assert.Equal(0, table.IndexOf(Get("/a/77")));
        Assert.Equal(1, table.IndexOf("POST"u8, "/b?x"u8));
        Assert.Equal(2, table.IndexOf(Get("/c")));
    }

    [Fact]
    public void Finding_an_endpoint_allocates_nothing()
    {
        var tally = new EndpointTally();
        var exchange = Get("/shop/item/8d3c0a4e-53b1-4b2f-9c1e-0a2b3c4d5e6f/picture.jpg?size=3");
        tally.Add(exchange);
        var table = new EndpointTable(tally.Top);
        Assert.Equal(0, table.IndexOf(exchange));

        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                tally.Add(exchange);
                _ = table.IndexOf(exchange);
            }
        }));
    }

    [Fact]
    public void A_turn_of_raw_tcp_is_known_by_the_servers_port()
    {
        var tally = new EndpointTally();
        tally.Add(new CapturedExchange { Protocol = TrafficProtocol.Tcp, Server = new(System.Net.IPAddress.Loopback, 6379) });

        Assert.Equal([new("TCP", ":6379", 1)], tally.Top);
    }

    private static string PatternOf(byte[] target)
    {
        var pattern = new byte[EndpointPattern.Longest];
        return Encoding.Latin1.GetString(pattern, 0, EndpointPattern.Write(target, pattern));
    }

    private static CapturedExchange Get(string target, string method = "GET") =>
        new() { Request = new(Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: x\r\n"), default, 0) };
}
