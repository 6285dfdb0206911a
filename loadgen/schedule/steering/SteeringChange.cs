namespace Pressure.LoadGen;

/// <summary>A change of a running load. A closed set.</summary>
/// <remarks>
/// The plan's clock goes on whatever is changed: a stage that is paused away is over, and the load ends when the plan says so.
/// A pause holds back what would start; it keeps the rate or the users, which may be changed meanwhile, and iterations under way go on to their end.
/// </remarks>
public abstract record SteeringChange
{
    private SteeringChange()
    {
    }

    /// <summary>Requests of the whole load per time from here on; scenarios with rates of their own keep their proportions.</summary>
    public sealed record ToRate(Rate Rate) : SteeringChange;

    /// <summary>The plan's rate at each time, so many times as high (1.5 is 150 %).</summary>
    public sealed record ToFactor(decimal Factor) : SteeringChange;

    /// <summary>The plan's rate, or users, again.</summary>
    public sealed record ToPlan : SteeringChange;

    /// <summary>Users of a closed load.</summary>
    public sealed record ToUsers(int Users) : SteeringChange;

    /// <summary>Nothing starts any more, until <see cref="Resume"/>.</summary>
    public sealed record Pause : SteeringChange;

    /// <summary>Ends a pause.</summary>
    public sealed record Resume : SteeringChange;

    /// <summary>The load ends here instead of where the plan ends it: nothing new starts, iterations under way finish.</summary>
    public sealed record Finish : SteeringChange;
}
