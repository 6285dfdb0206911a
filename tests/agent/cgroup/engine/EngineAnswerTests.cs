using System.Text;

namespace Pressure.Agent.Tests;

public sealed class EngineAnswerTests
{
    [Theory]
    [InlineData("""{"pressure.service":"a","com.docker.compose.service":"b","io.kubernetes.container.name":"c"}""", "a")]
    [InlineData("""{"io.kubernetes.container.name":"c","com.docker.compose.service":"b"}""", "b")]
    [InlineData("""{"io.kubernetes.container.name":"c"}""", "c")]
    [InlineData("""{"pressure.service":" ","com.docker.compose.service":"b"}""", "b")]
    [InlineData("""{"other":"x"}""", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    public void The_service_is_named_by_the_first_label_that_counts(string labels, string? service) =>
        Assert.Equal(
            new ContainerLabels("shop-orders-1", service, 3),
            Parse("HTTP/1.0 200 OK", $$$"""{"Id":"0f","Name":"/shop-orders-1","RestartCount":3,"State":{"Pid":5},"Config":{"Env":["A=B"],"Labels":{{{labels}}}}}"""));

    [Theory]
    [InlineData("HTTP/1.0 404 Not Found", """{"message":"No such container: 0f"}""")]
    [InlineData("HTTP/1.0 500 Internal Server Error", "{}")]
    [InlineData("HTTP/1.0 200 OK", "")]
    [InlineData("HTTP/1.0 200 OK", """{"Name":"/x","Conf""")]
    [InlineData("HTTP/1.0 200 OK", """{"Name":5}""")]
    [InlineData("HTTP/1.0 200 OK", "null")]
    [InlineData("HTTP/1.0 200 OK", "[]")]
    [InlineData("SSH-2.0", "{}")]
    [InlineData("", "")]
    public void Anything_else_says_nothing(string status, string body) => Assert.Null(Parse(status, body));

    [Fact]
    public void A_name_as_long_as_a_novel_is_cut() =>
        Assert.Equal(200, Parse("HTTP/1.0 200 OK", $$"""{"Name":"{{new string('x', 5000)}}"}""")!.Name.Length);

    private static ContainerLabels? Parse(string status, string body) => EngineAnswer.Parse(Encoding.UTF8.GetBytes($"{status}\r\nContent-Type: application/json\r\n\r\n{body}"));
}
