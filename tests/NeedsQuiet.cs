using Xunit.v3;

namespace Pressure.Tests;

/// <summary>
/// A test that judges how fast something was, or whether a load generator kept up: beside other tests it would tell of them. <c>./test</c> runs these
/// last, one after the other, and nothing beside them.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsQuietAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("needs", "quiet")];
}
