using System.Text;
using System.Text.Json;

namespace Pressure.Faults;

/// <summary>
/// Which experiments run on this machine, and who is asked to stop:
/// <code>
/// running/ID.json   an experiment; locked by the process that runs it, so that one whose process has died is told from one that runs
/// stop/ID           somebody wants it to stop; its faults are undone by their executors, whether its controller listens or not
/// stop/HANDLE       somebody wants a single fault to be undone
/// </code>
/// </summary>
/// <param name="folder">The state folder.</param>
public sealed class RunningExperiments(string folder)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly string _running = Path.Combine(folder, "running"), _stop = Path.Combine(folder, "stop");

    /// <summary>Those that run now.</summary>
    public IReadOnlyList<RunningExperiment> Read()
    {
        if (!Directory.Exists(_running))
            return [];
        List<RunningExperiment> found = [];
        foreach (var file in Directory.EnumerateFiles(_running, "*.json"))
        {
            if (FileLock.IsHeld(file) && StateFolder.TryRead(file, FaultJson.Default.RunningExperiment) is { } experiment)
                found.Add(experiment);
        }
        return [.. found.OrderBy(e => e.StartedAt)];
    }

    /// <summary>Says that an experiment begins; it ends with what is given back, or with this process.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public Registration Register(RunningExperiment experiment, TimeProvider time)
    {
        StateFolder.Ensure(_running);
        StateFolder.Ensure(_stop);
        ForgetDead();
        File.Delete(StopFile(experiment.Id));
        var file = Path.Combine(_running, $"{Named(experiment.Id)}.json");
        var held = FileLock.Create(file, JsonSerializer.SerializeToUtf8Bytes(experiment, FaultJson.Default.RunningExperiment));
        return new Registration(file, StopFile(experiment.Id), held, time);
    }

    /// <summary>Asks for its end.</summary>
    /// <exception cref="IOException">It can't be asked.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be asked.</exception>
    public void AskToStop(string id, string by)
    {
        StateFolder.Ensure(_stop);
        StateFolder.Mark(folder, StopFile(id), Encoding.UTF8.GetBytes(by));
    }

    /// <summary>Whether somebody has asked for its end; cheap.</summary>
    public bool IsAskedToStop(string id) => IsId(id) && File.Exists(Path.Combine(_stop, id));

    /// <summary>Forgets that somebody asked.</summary>
    public void Forget(string id)
    {
        if (IsAskedToStop(id))
            File.Delete(StopFile(id));
    }

    private string StopFile(string id) => Path.Combine(_stop, Named(id));

    /// <summary>Ids are made by us, and come back from people.</summary>
    private static string Named(string id) => IsId(id) ? id : throw new IOException($"'{id}' is no experiment's id: letters, digits, - and _ only.");

    private static bool IsId(string id) => id.Length is > 0 and <= 100 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private void ForgetDead()
    {
        foreach (var file in Directory.EnumerateFiles(_running, "*.json"))
        {
            using var held = FileLock.TryTake(file);
            if (held is not null)
                File.Delete(file);
        }
    }

    /// <summary>An experiment that runs.</summary>
    public sealed class Registration : IDisposable
    {
        private readonly string _file, _stopFile;
        private readonly FileLock _lock;
        private readonly ITimer _looking;
        private readonly CancellationTokenSource _asked = new();

        internal Registration(string file, string stopFile, FileLock held, TimeProvider time)
        {
            (_file, _stopFile, _lock) = (file, stopFile, held);
            _looking = time.CreateTimer(_ => LookForStop(), null, Look, Look);
        }

        /// <summary>Cancelled when somebody asks for its end.</summary>
        public CancellationToken StopAsked => _asked.Token;

        /// <summary>Says that it is over.</summary>
        public void Dispose()
        {
            _looking.Dispose();
            File.Delete(_file);
            File.Delete(_stopFile);
            _lock.Dispose();
        }

        private void LookForStop()
        {
            if (!_asked.IsCancellationRequested && File.Exists(_stopFile))
                _asked.Cancel();
        }
    }
}
