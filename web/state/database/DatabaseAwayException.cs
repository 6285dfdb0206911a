namespace Pressure.Web.State;

/// <summary>The nodes' database can't be reached just now, so nothing that all nodes must agree on can change. Whoever can't write a file says the same.</summary>
/// <param name="message">What is wrong and what to do, for people.</param>
/// <param name="inner">What told of it.</param>
public sealed class DatabaseAwayException(string message, Exception? inner = null) : IOException(message, inner);
