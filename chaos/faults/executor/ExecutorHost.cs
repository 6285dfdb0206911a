using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Pressure.Faults;

/// <summary>
/// The executor process: applies what its controller asks for over its standard input, and undoes everything when that ends, falls silent for longer
/// than the lease, or a signal asks it to end.
/// </summary>
internal sealed class ExecutorHost : IAsyncDisposable
{
    /// <summary>The inner verb: <c>fault-executor FOLDER DOCKER-SOCKET LEASE-MS</c>.</summary>
    public const string Verb = "fault-executor";

    private readonly Channel<ExecutorAnswer> _answers = Channel.CreateUnbounded<ExecutorAnswer>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FaultRunner _runner;
    private readonly ExecutorFile _file;
    private readonly FaultClock _clock;
    private readonly WatchdogProcess _watchdog;
    private readonly Lease _lease;
    private readonly TaskCompletionSource<string> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ExecutorHost(FaultTools tools, TimeSpan lease, IReadOnlyList<IFault> faults, FaultClock clock)
    {
        (_clock, _lease) = (clock, new Lease(clock.Time, lease));
        // The file first, then the watchdog: one that is about to end for want of work sees the file, or lets go of its place.
        _file = ExecutorFile.Create(tools.Folder, lease, clock);
        _watchdog = new WatchdogProcess(tools.Folder, clock.Time);
        _runner = new FaultRunner("local", faults, new FaultJournal(tools.Folder), clock)
        {
            Executor = _file.Identity.Id,
            DockerSocket = tools.DockerSocket,
            Ended = end => Tell(new ExecutorAnswer { End = end }),
        };
    }

    /// <summary>Runs it until its end; gives the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Func<FaultTools, IReadOnlyList<IFault>> catalogue)
    {
        if (args is not [_, var folder, var socket, var milliseconds] || !int.TryParse(milliseconds, CultureInfo.InvariantCulture, out var lease) || lease < 100)
            return 2;
        // Ctrl-C is for the controller: this one undoes when that says so, or is gone.
        _ = Posix.NewSession();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        var clock = FaultClock.OfMachine(TimeProvider.System);
        var tools = new FaultTools(clock.Time, socket, folder);
        await using var host = new ExecutorHost(tools, TimeSpan.FromMilliseconds(lease), catalogue(tools), clock);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            host._over.TrySetResult("controller");
        });
        return await host.WorkAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        _file.Dispose();
    }

    private async Task<int> WorkAsync()
    {
        await _watchdog.EnsureAsync();
        var telling = Task.Run(TellAsync);
        Tell(new ExecutorAnswer { Ready = _file.Identity.Id });
        // Standard input is read on a thread of its own, since it blocks.
        _ = Task.Factory.StartNew(Listen, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using var stop = new CancellationTokenSource();
        var lost = _lease.LostAsync(stop.Token);
        var guarding = new WatchedWatchdog(_watchdog, _clock.Time).WatchAsync(stop.Token);
        var by = await Task.WhenAny(_over.Task, lost) == lost ? "lost controller" : await _over.Task;
        var ends = await _runner.CloseAsync(by);
        await stop.CancelAsync();
        await guarding;
        _answers.Writer.TryComplete();
        await telling;
        return ends.Any(e => e.Outcome is UndoOutcome.Incomplete) ? 4 : 0;
    }

    private void Listen()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        var by = "lost controller";
        try
        {
            while (input.ReadLine() is { } line)
            {
                _lease.Renew();
                if (Read(line) is not { } request)
                    continue;
                if (request.Do == "bye")
                    by = "controller";
                else
                    _ = DoAsync(request);
            }
        }
        catch (IOException)
        {
            // The same as its end.
        }
        finally
        {
            _over.TrySetResult(by);
        }
    }

    /// <summary>What can't be understood is no reason to let go of what holds; whoever sent it hears nothing and gives up.</summary>
    private static ExecutorRequest? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, FaultJson.Default.ExecutorRequest);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            Console.Error.WriteLine($"An order can't be understood: {e.Message}");
            return null;
        }
    }

    private async Task DoAsync(ExecutorRequest request)
    {
        switch (request)
        {
            case { Do: "start", Handle: { } handle, Order: { } order }:
                Tell(new ExecutorAnswer { Id = request.Id, Start = await StartAsync(handle, order) });
                break;
            case { Do: "end", Handle: { } handle }:
                Tell(new ExecutorAnswer { Id = request.Id, End = await _runner.EndAsync(handle) });
                break;
            case { Do: "endAll" }:
                Tell(new ExecutorAnswer { Id = request.Id, Ends = await _runner.EndAllAsync() });
                break;
        }
    }

    private async Task<FaultStart> StartAsync(string handle, FaultOrder order)
    {
        try
        {
            // Nothing is applied that nobody would undo after this process.
            await _watchdog.EnsureAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FaultStart.Refused(e.Message, "Without a watchdog nothing is struck.");
        }
        try
        {
            return await _runner.StartAsync(handle, order, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A mistake of ours. Whoever asked must not wait for an answer without end.
            return new FaultStart.Failed($"Internal error, please report it: {e}", await _runner.EndAsync(handle));
        }
    }

    private void Tell(ExecutorAnswer answer) => _answers.Writer.TryWrite(answer);

    private async Task TellAsync()
    {
        await using var output = Console.OpenStandardOutput();
        try
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync())
            {
                await output.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(answer, FaultJson.Default.ExecutorAnswer), (byte)'\n']);
                await output.FlushAsync();
            }
        }
        catch (IOException)
        {
            // Nobody listens any more. What is under way goes on.
        }
    }
}
