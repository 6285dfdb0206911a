namespace Pressure.LoadGen.Engine;

/// <summary>A request was handed on, and before anything of it went out the lease ran out.</summary>
internal sealed class LeaseOverException() : Exception("The lease has run out: nothing new is sent.");
