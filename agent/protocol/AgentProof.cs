using System.Text;

namespace Pressure.Agent;

/// <summary>What an agent signs to prove that it is the one that was enrolled. The nonce makes a recorded answer worthless.</summary>
public static class AgentProof
{
    /// <summary><c>pressure-agent-1</c>, the nonce, the agent's id and the instance, one after the other.</summary>
    public static byte[] Bytes(ReadOnlySpan<byte> nonce, string agent, Guid instance) =>
        [.. "pressure-agent-1"u8, .. nonce, .. Encoding.UTF8.GetBytes(agent), .. instance.ToByteArray(bigEndian: true)];
}
