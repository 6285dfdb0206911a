#!/bin/sh
# What the agent takes on a host with containers: CPU and memory of its own program, sampling once a second, connected to an AccessServer
# over TLS on loopback. Starts a Docker engine of its own, so it needs root. How to read it: bench/README.md.
# Usage: bench/agent.sh [containers] [seconds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
containers=${1:-20}
seconds=${2:-60}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

"$here/../build/agent.sh" --out "$folder" >&2
dotnet build -c Release "$here/agent/Pressure.Bench.Agent.csproj" -v q -nologo >&2
dotnet "$here/agent/bin/Release/net10.0/Pressure.Bench.Agent.dll" "$containers" "$seconds" "$folder/linux-x64/pressure-agent"
