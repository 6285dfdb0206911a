using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>Simulated runs, many of each kind: what was planted must be found, what merely coincides must not.</summary>
public class GcSpikesTests
{
    private const int Runs = 150;

    /// <summary>A run: the slowest of its requests by second, and three processes that collect.</summary>
    private sealed class Simulation(int seed, int seconds)
    {
        private readonly Random _random = new(seed);
        private readonly List<(double At, double Delay)> _delays = [];

        public List<GcPause>[] Processes { get; } = [[], [], []];

        public double Uniform(double from, double to) => from + _random.NextDouble() * (to - from);

        /// <summary>A length between 30 ms and 2 s, any magnitude as likely as any other.</summary>
        public double Length() => 30 * Math.Pow(70, _random.NextDouble());

        public double Moment() => Uniform(1, seconds - 4);

        /// <summary>Something that holds all requests up for a while.</summary>
        public Simulation Delay(double at, double milliseconds)
        {
            _delays.Add((at, milliseconds));
            return this;
        }

        public Simulation Pause(int process, double at, double milliseconds, GcKind kind = GcKind.Full)
        {
            Processes[process].Add(new(TimeSpan.FromSeconds(at), TimeSpan.FromMilliseconds(milliseconds), kind, kind == GcKind.Full));
            return this;
        }

        /// <summary>Young collections of all processes, all the time.</summary>
        public Simulation Everyday()
        {
            for (var process = 0; process < 3; process++)
            {
                for (var at = Uniform(0, 1); at < seconds; at += Uniform(0.4, 2))
                    Pause(process, at, Uniform(2, 14), GcKind.Young);
            }
            return this;
        }

        public List<SecondTimes> Times(double noise = 0.35, double rate = 100)
        {
            var bySecond = Enumerable.Range(0, seconds + 10).Select(_ => new List<double>()).ToArray();
            for (var i = 0; i < seconds * rate; i++)
            {
                var at = i / rate;
                var took = 8 * Math.Exp(noise * Normal());
                took += _delays.Where(d => at >= d.At && at < d.At + d.Delay / 1000).Select(d => d.Delay - (at - d.At) * 1000).DefaultIfEmpty().Max();
                bySecond[(int)(at + took / 1000)].Add(took);
            }
            return [.. bySecond.Take(seconds).Select((all, second) => (Sorted: all.Order().ToList(), second)).Where(s => s.Sorted.Count > 0)
                .Select(s => new SecondTimes(s.second, s.Sorted.Count, At(s.Sorted, 0.5), At(s.Sorted, 0.95), At(s.Sorted, 0.99), s.Sorted[^1]))];
        }

        /// <summary>The process that is found guilty; null for none.</summary>
        public int? Guilty(double noise = 0.35) => Verdict(noise)?.Process;

        public (int Process, PauseMatch Match)? Verdict(double noise = 0.35)
        {
            if (Spikes.Of(Times(noise)) is not { } spikes)
                return null;
            var (found, match) = GcSpikes.Best(Processes.Select(p => (p, spikes, (IReadOnlyList<GcPause>)p, TimeSpan.FromMilliseconds(50))));
            return found is null ? null : (Array.IndexOf(Processes, found), match);
        }

        private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];

        private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
    }

    private static int Count(Func<int, bool> of) => Enumerable.Range(0, Runs).AsParallel().Count(of);

    [Theory]
    [InlineData(60, 2)]
    [InlineData(90, 4)]
    [InlineData(600, 5)]
    public void Full_collections_that_hold_requests_up_are_found_and_their_process_is_named(int seconds, int times)
    {
        var named = Count(seed =>
        {
            var run = new Simulation(seed, seconds).Everyday();
            for (var i = 0; i < times; i++)
            {
                var (at, length) = (run.Moment(), run.Uniform(150, 600));
                run.Pause(1, at, length).Delay(at, length);
            }
            return run.Guilty() == 1;
        });
        Assert.InRange(named, Runs * 97 / 100, Runs);
    }

    [Fact]
    public void A_single_one_is_found_where_its_length_is_that_of_the_spike()
    {
        var named = Count(seed =>
        {
            var run = new Simulation(seed, 120).Everyday();
            var (at, length) = (run.Moment(), run.Uniform(150, 900));
            return run.Pause(2, at, length).Delay(at, length).Guilty() == 2;
        });
        Assert.InRange(named, Runs * 90 / 100, Runs);
    }

    [Fact]
    public void Long_pauses_that_are_no_full_collections_are_found_too()
    {
        var named = Count(seed =>
        {
            var run = new Simulation(seed, 90).Everyday();
            for (var i = 0; i < 4; i++)
            {
                var (at, length) = (run.Moment(), run.Uniform(150, 300));
                run.Pause(0, at, length, GcKind.Gen1).Delay(at, length);
            }
            return run.Verdict() is (0, { Full: false });
        });
        Assert.InRange(named, Runs * 97 / 100, Runs);
    }

    [Fact]
    public void The_process_whose_pauses_explain_the_spikes_is_named_and_not_one_that_collects_beside_it()
    {
        var (right, wrong) = (0, 0);
        for (var seed = 0; seed < Runs; seed++)
        {
            var run = new Simulation(seed, 120).Everyday();
            for (var i = 0; i < 4; i++)
            {
                var (at, length) = (run.Moment(), run.Uniform(200, 600));
                run.Pause(1, at, length).Delay(at, length);
                // Another process stops as long, at other times.
                run.Pause(0, run.Moment(), run.Uniform(200, 600)).Pause(2, run.Moment(), run.Length());
            }
            var guilty = run.Guilty();
            (right, wrong) = (right + (guilty == 1 ? 1 : 0), wrong + (guilty is 0 or 2 ? 1 : 0));
        }
        Assert.InRange(right, Runs * 90 / 100, Runs);
        Assert.InRange(wrong, 0, Runs / 100);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(300)]
    public void Spikes_and_pauses_that_have_nothing_to_do_with_each_other_name_nobody(int seconds)
    {
        var named = Count(seed =>
        {
            var run = new Simulation(seed, seconds).Everyday();
            for (var i = 0; i < 1 + seed % 6; i++)
                run.Delay(run.Moment(), run.Length()).Pause(0, run.Moment(), run.Length()).Pause(1, run.Moment(), run.Length()).Pause(2, run.Moment(), run.Length());
            return run.Guilty() is not null;
        });
        Assert.InRange(named, 0, Runs * 2 / 100);
    }

    [Fact]
    public void Noise_alone_names_nobody()
    {
        var named = Count(seed =>
        {
            var run = new Simulation(seed, 200).Everyday();
            for (var i = 0; i < 8; i++)
                run.Pause(i % 3, run.Moment(), run.Length());
            return run.Guilty(noise: 0.9) is not null;
        });
        Assert.InRange(named, 0, Runs * 2 / 100);
    }

    [Fact]
    public void An_outage_of_many_seconds_is_one_spike_and_pauses_within_it_are_no_proof()
    {
        var named = Count(seed =>
        {
            var run = new Simulation(seed, 120).Everyday();
            var begin = run.Uniform(20, 90);
            for (var at = begin; at < begin + 8; at += 0.9)
                run.Delay(at, run.Uniform(300, 900));
            // The process collects because of the outage: later than it begins, and longer than otherwise.
            for (var at = begin + 2.5; at < begin + 8; at += 1.3)
                run.Pause(1, at, run.Uniform(40, 120));
            return run.Guilty() is not null;
        });
        Assert.InRange(named, 0, Runs * 2 / 100);
    }

    [Fact]
    public void Pauses_all_the_time_and_pauses_far_shorter_than_the_spikes_explain_none()
    {
        var named = Count(seed =>
        {
            var run = new Simulation(seed, 120);
            for (var at = 0.5; at < 120; at++)
                run.Pause(0, at, 40, GcKind.Young);
            for (var i = 0; i < 3; i++)
            {
                var at = run.Moment();
                run.Delay(at, 900).Pause(1, at, 15);
            }
            return run.Guilty() is not null;
        });
        Assert.InRange(named, 0, Runs / 100);
    }

    [Theory]
    [InlineData(ReportLanguage.En, "overlap a full collection of item (Java, G1; service item on web2) of 310 ms to 480 ms")]
    [InlineData(ReportLanguage.Zh, "web2 上的服务 item")]
    public void The_report_says_what_speaks_for_it(ReportLanguage language, string expected)
    {
        var run = MachineRun.Build();
        var said = string.Join("\n", Findings.Of(new ReportModel(run, Summarizer.Summarize(run), language)).Select(f => f.In(language)));
        Assert.Contains(expected, said, StringComparison.Ordinal);
    }
}
