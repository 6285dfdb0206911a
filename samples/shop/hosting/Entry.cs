using System.Runtime.InteropServices;
using System.Text.Json;

namespace Shop;

// A named type: a program made of top-level statements would be a public Program that clashes with those of its users.
internal static class Entry
{
    private const int Failed = 1;
    private const int InvalidInput = 2;

    private static async Task<int> Main(string[] args)
    {
        if (args is [] or ["--help" or "-h"])
        {
            Console.WriteLine(CommandLine.Help);
            return 0;
        }

        var problems = new List<string>();
        var options = CommandLine.Parse(args, problems);
        if (problems.Count > 0)
        {
            problems.ForEach(Console.Error.WriteLine);
            return InvalidInput;
        }

        try
        {
            await using var shop = await ShopHost.StartAsync(options);
            // Signals are heeded from before the ready line on: whoever reads it may send one at once.
            var stopped = args.Contains(CommandLine.UntilStdinCloses) ? StdinClosedAsync() : StopSignalAsync();
            Console.WriteLine(JsonSerializer.Serialize(shop.Urls.ToDictionary(u => JsonNamingPolicy.CamelCase.ConvertName(u.Key.ToString()), u => u.Value.GetLeftPart(UriPartial.Authority))));
            await stopped;
            return 0;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"{e.Message} Choose another --port, or 0 for free ones.");
            return Failed;
        }
    }

    private static async Task StdinClosedAsync()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
    }

    private static async Task StopSignalAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await asked.Task;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            asked.TrySetResult();
        }
    }
}
