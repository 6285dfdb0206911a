using System.Runtime.Versioning;

// Agents sample Linux, and so do their tests.
[assembly: SupportedOSPlatform("linux")]
