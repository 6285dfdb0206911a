using System.Net;

namespace Pressure.Faults;

/// <summary>A cluster can't be asked, or says no.</summary>
/// <param name="what">What was wrong, an English sentence.</param>
/// <param name="remedy">What a person can do, an English sentence.</param>
/// <param name="status">What it answered; null if it did not.</param>
/// <param name="inner">What told of it.</param>
public sealed class KubernetesException(string what, string remedy, HttpStatusCode? status, Exception? inner = null) : Exception($"{what} {remedy}", inner)
{
    /// <summary>What was wrong, an English sentence.</summary>
    public string What => what;

    /// <summary>What a person can do, an English sentence.</summary>
    public string Remedy => remedy;

    /// <summary>What it answered; null if it did not.</summary>
    public HttpStatusCode? Status => status;
}
