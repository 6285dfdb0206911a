namespace Pressure.Agent;

/// <summary>A program that was started to replace an older one, as it sees that itself; see <see cref="Successor"/>.</summary>
/// <param name="input">What the old one says.</param>
/// <param name="output">What it hears.</param>
public sealed class Succession(TextReader input, TextWriter output)
{
    /// <summary>Says that all is ready, and waits for its turn; false if it is not to come.</summary>
    public async Task<bool> WaitForTurnAsync(CancellationToken stop)
    {
        await output.WriteLineAsync("ready");
        await output.FlushAsync(stop);
        try
        {
            return await input.ReadLineAsync(stop) == "take";
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Says that this one serves now.</summary>
    public void Serving()
    {
        try
        {
            output.WriteLine("serving");
            output.Flush();
        }
        catch (IOException)
        {
            // The old one died meanwhile: so much the more reason to go on.
        }
    }
}
