// The agent samples Linux hosts, so that is where it is tested.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
