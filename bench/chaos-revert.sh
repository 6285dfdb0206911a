#!/bin/sh
# Whether faults are undone when those who know of them are killed or frozen at random moments, and how fast: G1, G2 and G3 of the chaos figures.
# Prints a table, ends with 1 when a goal is missed. How to read it: docs/revert.md.
# Usage: bench/chaos-revert.sh [faults] [lease-ms] [seed]
set -u
here=$(cd "$(dirname "$0")" && pwd)
faults=${1:-1000}
lease=${2:-1000}
seed=${3:-$(date +%s)}
striker=$here/../tests/striker/bin/Release/net10.0/Pressure.Striker.dll
dotnet build -c Release "$here/../tests/striker/Pressure.Striker.csproj" -v q -nologo >&2 || exit 2
echo "$faults faults, lease $lease ms, seed $seed"
missed=0
dotnet "$striker" kills "$faults" "$lease" "$seed" || missed=1
dotnet "$striker" all-killed 10 "$lease" || missed=1
dotnet "$striker" stop 50 5 || missed=1
exit $missed
