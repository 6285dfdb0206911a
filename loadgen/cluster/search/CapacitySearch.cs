using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>
/// Finds the highest rate that holds the criteria, from plateau to plateau. Pure: no clock, no load; it is told what each plateau gave
/// and says what it wants next.
/// </summary>
/// <remarks>
/// <code>
///   rate
///    |            x                    x        x broke, o held
///    |         .     x   x           .
///    |       o    o    o   o o o   o            1 ramp by half, until a rate breaks
///    |    o                                     2 bisect (geometric mean), until the gap is the resolution
///    |  o                                       3 confirm: the rate found must hold twice more, the one above must break again
///    +-1------- 2 -------- 3 ---> plateaus
/// </code>
/// Noise: a plateau that breaks, or holds by a hair (<see cref="NearLimit"/>), decides nothing alone: it is repeated until one
/// side leads by two. A rate that is not confirmed becomes the lowest that breaks, and the search steps down by growing
/// steps; a rate above that no longer breaks opens the search upwards again, a few times. So the search ends whatever it is told;
/// <see cref="Load.Search.Within"/> ends it sooner.
/// </remarks>
internal sealed class CapacitySearch
{
    /// <summary>A held criterion closer to its limit than this share of it may have held by luck.</summary>
    public const double NearLimit = 0.1;

    /// <summary>Below this share throughput begins not to follow.</summary>
    private const double FullThroughput = 0.98;

    /// <summary>The ramp's factor.</summary>
    private const double Factor = 1.5;

    /// <summary>By so many votes one side must lead.</summary>
    private const int Lead = 2;

    private const int MostVotes = 7;
    private const int MostSaturated = 2;
    private const int MostReopenings = 3;

    /// <summary>A confirmation takes two plateaus, or a few more.</summary>
    private const int ToConfirm = 3;

    private readonly Load.Search _asked;
    private readonly List<SearchPlateau> _seen = [];
    private readonly double _from;
    private readonly double _to;
    private readonly TimeSpan _turn;
    private (int Held, int Broke, int Saturated) _votes;
    private double? _holds;
    private double? _breaks;
    private bool _confirmed;
    private int _reopened;
    private int _stepsDown;

    /// <summary>Begins a search.</summary>
    /// <param name="asked">What is searched.</param>
    /// <param name="breath">The longest pause before a plateau.</param>
    public CapacitySearch(Load.Search asked, TimeSpan breath)
    {
        _asked = asked;
        (_from, _to) = (asked.From.PerSecond, asked.To?.PerSecond ?? PlanLimits.HighestRate);
        _turn = asked.Plateau + breath;
        Next = new SearchStep.Plateau(_from, SearchPhase.Ramp, BreatheFirst: false);
    }

    /// <summary>What is wanted now.</summary>
    public SearchStep Next { get; private set; }

    /// <summary>Highest rate that holds as far as is known.</summary>
    public double? Holds => _holds;

    /// <summary>Lowest rate that breaks as far as is known.</summary>
    public double? Breaks => _breaks;

    private bool IsNarrow => _breaks is null ? _holds >= _to : _breaks <= _holds * (1 + _asked.Resolution) * (1 + 1e-9);

    /// <summary>Takes what the wanted plateau gave; <paramref name="now"/> is the time since the search began.</summary>
    public void Take(SearchPlateau plateau, TimeSpan now)
    {
        var asked = (SearchStep.Plateau)Next;
        _seen.Add(plateau);
        Count(plateau);
        if (_votes.Saturated >= MostSaturated)
            End(SearchEnding.GeneratorSaturated, generatorLimit: asked.Rate);
        else if (Decided(plateau, asked.Phase) is { } holds)
            GoOn(asked, holds, now);
        else
            Ask(asked.Rate, asked.Phase, now, again: true);
    }

    /// <summary>Ends the search from outside: the run was stopped, or its time is over.</summary>
    public SearchResult Cut(SearchEnding ending)
    {
        if (Next is not SearchStep.Over)
            End(ending);
        return ((SearchStep.Over)Next).Result;
    }

    private void Count(SearchPlateau plateau) => _votes = plateau.Outcome switch
    {
        PlateauOutcome.Held => _votes with { Held = _votes.Held + 1 },
        PlateauOutcome.Broke => _votes with { Broke = _votes.Broke + 1 },
        _ => _votes with { Saturated = _votes.Saturated + 1 },
    };

    /// <summary>Whether the rate holds; null while the votes are too close.</summary>
    private bool? Decided(SearchPlateau plateau, SearchPhase phase)
    {
        var (held, broke, _) = _votes;
        return phase switch
        {
            // The rate that is checked again has broken twice before.
            SearchPhase.Recheck when broke > 0 => false,
            not (SearchPhase.Confirm or SearchPhase.Recheck) when (held, broke) is (1, 0) && plateau.Outcome == PlateauOutcome.Held && !plateau.Criteria.Any(IsNear) => true,
            // That nothing holds at all is said with more care.
            _ when broke - held >= (_holds is null && _breaks is null ? Lead + 1 : Lead) => false,
            _ when held - broke >= Lead => true,
            _ when held + broke >= MostVotes => held > broke,
            _ => null,
        };
    }

    /// <summary>Whether a criterion that held may have done so by luck, or because the plateau was too short for the queue that grows.</summary>
    private static bool IsNear(SearchCriterion c) => c.Metric == SearchCriterion.Throughput
        ? c.Actual < FullThroughput
        : c.Actual is { } actual && c.Limit != 0 && Math.Abs(actual - c.Limit) <= NearLimit * Math.Abs(c.Limit);

    private void GoOn(SearchStep.Plateau decided, bool holds, TimeSpan now)
    {
        switch (decided.Phase)
        {
            case SearchPhase.Confirm when holds:
                _confirmed = true;
                AfterConfirmation(now);
                break;
            case SearchPhase.Recheck when !holds:
                End(SearchEnding.Found);
                break;
            case SearchPhase.Recheck:
                Reopen(decided.Rate, now);
                break;
            default:
                Narrow(decided, holds, now);
                break;
        }
    }

    private void Narrow(SearchStep.Plateau decided, bool holds, TimeSpan now)
    {
        if (holds)
            _holds = decided.Rate;
        else
            (_holds, _breaks) = (decided.Phase == SearchPhase.Confirm ? null : _holds, decided.Rate);
        if (_holds is not { } low)
            StepDown(now);
        else if (IsNarrow)
            Ask(low, SearchPhase.Confirm, now);
        else if (_breaks is { } high)
            Ask(Rounded(Math.Sqrt(low * high)), SearchPhase.Bisect, now);
        else
            // Opened again, the search knows that it is near.
            Ask(Math.Min(_to, Rounded(low * (_reopened == 0 ? Factor : 1 + 4 * _asked.Resolution))), SearchPhase.Ramp, now);
    }

    private void StepDown(TimeSpan now)
    {
        if (_breaks <= _from)
        {
            End(SearchEnding.NeverHeld);
            return;
        }
        var step = 1 + _asked.Resolution * Math.Pow(2, _stepsDown++);
        Ask(Math.Max(_from, Rounded(_breaks!.Value / step)), SearchPhase.StepDown, now);
    }

    private void AfterConfirmation(TimeSpan now)
    {
        if (!IsNarrow)
            End(SearchEnding.TimeRanOut);
        else if (_breaks is not { } high)
            End(SearchEnding.ReachedTo);
        else if (_reopened == MostReopenings)
            End(SearchEnding.Found);
        else
            Ask(high, SearchPhase.Recheck, now);
    }

    /// <summary>The rate that broke holds now: what broke it was not the load.</summary>
    private void Reopen(double rate, TimeSpan now)
    {
        _reopened++;
        _confirmed = false;
        _breaks = null;
        Narrow(new SearchStep.Plateau(rate, SearchPhase.Ramp, BreatheFirst: false), holds: true, now);
    }

    private void Ask(double rate, SearchPhase phase, TimeSpan now, bool again = false)
    {
        var left = _asked.Within - now;
        if (phase == SearchPhase.Recheck && left < _turn)
        {
            End(SearchEnding.Found);
            return;
        }
        // When the time is short, what is known is confirmed rather than the gap narrowed.
        if (_holds is { } low && !_confirmed && phase != SearchPhase.Confirm && left < _turn * (ToConfirm + 1))
            (rate, phase, again) = (low, SearchPhase.Confirm, false);
        if (left < _turn)
        {
            End(SearchEnding.TimeRanOut);
            return;
        }
        if (!again)
            _votes = default;
        var breathe = phase is SearchPhase.Confirm or SearchPhase.Recheck || _seen[^1].Outcome != PlateauOutcome.Held;
        Next = new SearchStep.Plateau(rate, phase, breathe);
    }

    private void End(SearchEnding ending, double? generatorLimit = null) =>
        Next = new SearchStep.Over(SearchFindings.Of(_asked, _seen, ending, _holds, _confirmed, _breaks, generatorLimit));

    /// <summary>A rate that people can read, much finer than the resolution.</summary>
    private double Rounded(double rate)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10(rate * _asked.Resolution / 4)));
        return Math.Round(Math.Round(rate / step) * step, 6);
    }
}
