using System.Net.Sockets;
using Pressure.Faults;

namespace Pressure.Gateway;

/// <summary>A connection through the gateway, and which rules strike it: the dice are thrown once for each rule.</summary>
internal sealed class StruckConnection : IDisposable
{
    private readonly FlowState _in = new();
    private readonly FlowState _out = new();
    private readonly RelayedConnection _connection;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, bool> _struck = [];

    public StruckConnection(Socket client, Socket server, TimeProvider time, int seed) => _connection = new(client, server, _in, _out, time, seed);

    /// <summary>Carries it until both ends have ended.</summary>
    public Task RunAsync(CancellationToken stop) => _connection.RunAsync(stop);

    /// <summary>Looks at the rules in force, since some have come or gone.</summary>
    /// <param name="book">Where they stand.</param>
    public void Look(RuleBook book)
    {
        lock (_gate)
        {
            // Read in here: whoever had read them before another one's look would set after it what no longer is in force, and it would stay.
            var rules = book.Rules;
            var (asks, answers, resets) = (default(Flow), default(Flow), false);
            foreach (var rule in rules.Where(IsStruckBy))
            {
                switch (rule.Rule.Effect)
                {
                    case GatewayEffect.Slow slow:
                        asks += slow.In ? slow.Flow : default;
                        answers += slow.Out ? slow.Flow : default;
                        break;
                    case GatewayEffect.ResetConnection:
                        resets = true;
                        break;
                }
            }
            _in.Set(asks);
            _out.Set(answers);
            if (resets)
                _connection.Reset();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private bool IsStruckBy(RunningRule rule)
    {
        if (!_struck.TryGetValue(rule.Handle, out var struck))
            _struck[rule.Handle] = struck = rule.Strikes();
        return struck;
    }
}
