#!/bin/sh
# How many agents one machine can hold, and what they cost the AccessServer: memory of a connection, heartbeats, CPU, round trips of
# commands. Everything goes over TLS on loopback. How to read it: bench/README.md.
# Usage: bench/access-server.sh [agents] [processes] [seconds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
agents=${1:-50000}
processes=${2:-3}
seconds=${3:-30}

if [ "$(ulimit -n)" -lt $((agents / processes + 500)) ]; then
  echo "$agents agents in $processes processes need more open files than the limit of $(ulimit -n): raise it with ulimit -n, or ask for fewer or more processes." >&2
  exit 2
fi
dotnet build -c Release "$here/access/Pressure.Bench.Access.csproj" -v q -nologo
dotnet "$here/access/bin/Release/net10.0/Pressure.Bench.Access.dll" "$agents" "$processes" "$seconds"
