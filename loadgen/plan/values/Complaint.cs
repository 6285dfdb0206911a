namespace Pressure.LoadGen;

/// <summary>What is wrong with a value, and what to do; the place is added by whoever knows it.</summary>
internal sealed record Complaint(string Message, string Remedy);

/// <summary>Reads a value from text. Exactly one of the value and the complaint is of use.</summary>
internal delegate Complaint? ValueReader<T>(string text, out T value);
