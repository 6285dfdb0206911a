using Npgsql;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

public sealed class DatabaseAddressTests
{
    [Fact]
    public void Parts_of_an_address_are_read_and_unescaped()
    {
        var (address, problem) = DatabaseAddress.Parse("postgres://an%40n:p%3Ass@db.example:6000/load?sslmode=require", "other");
        Assert.Null(problem);
        var c = address!.Connection;
        Assert.Equal(("db.example", 6000, "an@n", "p:ss", "load", SslMode.Require), (c.Host, c.Port, c.Username, c.Password, c.Database, c.SslMode));
        Assert.Equal("db.example:6000/load", $"{address}");
    }

    [Theory]
    [InlineData("postgres://ann@db.example/load", SslMode.VerifyFull, null)]
    [InlineData("postgresql://ann@127.0.0.1/load", SslMode.Prefer, 5432)]
    [InlineData("postgres://ann@[::1]:7/load", SslMode.Prefer, 7)]
    [InlineData("postgres://ann@db.example/load?sslmode=verify-ca", SslMode.VerifyCA, null)]
    public void A_server_elsewhere_must_prove_who_it_is_unless_told_otherwise(string text, SslMode mode, int? portHere)
    {
        var address = DatabaseAddress.Parse(text, "secret").Address!;
        Assert.Equal((mode, portHere, "secret"), (address.Connection.SslMode, address.PortHere, address.Connection.Password));
    }

    [Theory]
    [InlineData("mysql://ann@db/load", "no address of a PostgreSQL")]
    [InlineData("db.example", "no address of a PostgreSQL")]
    [InlineData("postgres://db.example/load", "names no user")]
    [InlineData("postgres://ann@db.example/", "names no database")]
    [InlineData("postgres://ann@db/load?sslmode=maybe", "sslmode=maybe is none")]
    [InlineData("postgres://ann@db/load?sslmode=3", "sslmode=3 is none")]
    [InlineData("postgres://ann@db/load?rootcert=/nowhere", "no file /nowhere")]
    [InlineData("postgres://ann@db/load?options=-c", "'options' is unknown")]
    public void What_is_wrong_with_an_address_is_said(string text, string why)
    {
        var (address, problem) = DatabaseAddress.Parse(text, null);
        Assert.Null(address);
        Assert.Contains(why, problem);
    }
}
