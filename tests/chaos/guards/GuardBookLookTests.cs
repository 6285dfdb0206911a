namespace Pressure.Chaos.Tests.Guards;

public sealed class GuardBookLookTests : GuardBookLookSuite;
