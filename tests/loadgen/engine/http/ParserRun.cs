using System.Text;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen.Tests.Engine.Http;

/// <summary>What the parser makes of bytes, fed in given pieces.</summary>
internal sealed record ParserRun(ParseOutcome Outcome, int Status, bool Persists, long Consumed, bool BodyHasMark)
{
    public const string Mark = "<needle>";

    public static ParserRun Of(string text, bool head = false, params int[] cuts) => Of(Encoding.Latin1.GetBytes(text), head, cuts);

    public static ParserRun Of(byte[] bytes, bool head, params int[] cuts)
    {
        var parser = new ResponseParser();
        parser.Begin(head);
        var body = new BodyCheck();
        body.Begin(new ResponseChecks([new Check.BodyContains(Mark)]));
        var outcome = ParseOutcome.NeedMore;
        long total = 0;
        var from = 0;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            if (outcome != ParseOutcome.NeedMore)
                break;
            outcome = parser.Feed(bytes.AsSpan(from..cut), body, out var consumed);
            total += consumed;
            from = cut;
        }

        if (outcome == ParseOutcome.NeedMore)
            outcome = parser.End();
        // How far a broken response was read says nothing.
        var whole = outcome == ParseOutcome.Complete;
        return new ParserRun(outcome, whole ? parser.Status : 0, parser.Persists, whole ? total : 0, whole && body.Contains(0));
    }
}
