using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>Something that a fault strikes, and how to see from outside, without the journal, whether it is struck.</summary>
internal interface IStruck : IDisposable
{
    /// <summary>Kind of fault.</summary>
    string Kind { get; }

    /// <summary>Arguments of the fault.</summary>
    JsonObject Arguments => [];

    /// <summary>What is struck, as it is now.</summary>
    Task<FaultTarget> TargetAsync();

    /// <summary>Whether anything of the fault is there.</summary>
    Task<bool> IsStruckAsync();

    /// <summary>Whether whoever uses it still feels it: a rule that has ended by itself may lie there and do nothing.</summary>
    Task<bool> IsFeltAsync() => IsStruckAsync();
}
