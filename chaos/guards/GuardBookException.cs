namespace Pressure.Chaos;

/// <summary>The guards' book or the audit log can't be opened, read or written.</summary>
/// <param name="message">What is wrong and what to do, for people.</param>
/// <param name="inner">What told of it.</param>
public sealed class GuardBookException(string message, Exception? inner = null) : Exception(message, inner);
