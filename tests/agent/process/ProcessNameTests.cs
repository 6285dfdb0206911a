namespace Pressure.Agent.Tests;

public sealed class ProcessNameTests
{
    [Theory]
    [InlineData("dotnet|orders.dll", "orders")]
    [InlineData("/usr/bin/dotnet|/srv/shop/orders.dll|--urls|http://x", "orders")]
    [InlineData("dotnet|exec|--depsfile|a.deps.json|Shop.Orders.dll", "Shop.Orders")]
    [InlineData("dotnet|run", "dotnet")]
    [InlineData("/srv/orders", "orders")]
    [InlineData("", "cmd")]
    public void A_dotnet_process_is_called_after_its_assembly(string arguments, string name) =>
        Assert.Equal(name, ProcessName.Of(Split(arguments), arguments.Contains("dotnet") ? "dotnet" : "cmd", GcRuntime.Dotnet));

    [Theory]
    [InlineData("java|-Xmx1g|-jar|/srv/item.jar|--port|80", "item")]
    [InlineData("java|-cp|a.jar:b.jar|com.shop.item.ItemMain|x", "ItemMain")]
    [InlineData("java|--add-opens|java.base/java.lang=ALL-UNNAMED|--add-opens=a/b=c|-Dx=y|Main", "Main")]
    [InlineData("java|-p|mods|-m|shop.item/com.shop.Main", "Main")]
    [InlineData("java|--module=shop.item/com.shop.Main", "Main")]
    [InlineData("java|@options|Item.java", "Item")]
    [InlineData("java|-jar", "java")]
    [InlineData("java|-version", "java")]
    public void A_java_process_is_called_after_its_jar_or_main_class(string arguments, string name) =>
        Assert.Equal(name, ProcessName.Of(Split(arguments), "java", GcRuntime.Jvm));

    [Theory]
    [InlineData("/usr/sbin/nginx|-g|daemon off;", "nginx", "nginx")]
    [InlineData("nginx: worker process", "nginx", "nginx")]
    [InlineData("/usr/bin/a-name-longer-than-fifteen", "a-name-longer-t", "a-name-longer-than-fifteen")]
    [InlineData("", "kworker/0:1", "kworker/0:1")]
    public void Others_are_called_as_their_program(string arguments, string command, string name) =>
        Assert.Equal(name, ProcessName.Of(Split(arguments), command, null));

    private static string[] Split(string arguments) => arguments.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
