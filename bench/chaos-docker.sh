#!/bin/sh
# Faults of containers against a Docker engine of its own: how far the recorded moments are from the engine's events, and how long a whole
# room takes. Needs root. How to read it: bench/README.md.
# Usage: bench/chaos-docker.sh [times] [room]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dotnet build -c Release "$here/docker/Pressure.Bench.Docker.csproj" -v q -nologo >&2
dotnet "$here/docker/bin/Release/net10.0/Pressure.Bench.Docker.dll" "$@"
