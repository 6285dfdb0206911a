#!/bin/sh
# Figures of network faults between this host and a network of its own: what a delay adds, what a loss loses, whether a bandwidth is kept, when the kernel ends
# a rule by itself, and how long each takes to be applied and undone. Needs root. How to read it: docs/faults-network.md.
# Usage: bench/chaos-network.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dotnet build -c Release "$here/../tests/faults/Pressure.Faults.Tests.csproj" -v q -nologo >&2
dotnet "$here/../tests/faults/bin/Release/net10.0/Pressure.Faults.Tests.dll" -class Pressure.Faults.Tests.NetworkFigures -explicit only -parallel none -noColor | grep -v '^  \(Discover\|Start\|Finish\)\|^xUnit\|^==='
