#!/bin/sh
# Whether faults are undone when those who know of them are killed or frozen at random moments, and how fast: G1, G2 and G3 of the chaos figures.
# Prints a table, ends with 1 when a goal is missed. Needs root, iptables and dockerd. How to read it: bench/README.md.
# Usage: bench/chaos-revert.sh [faults] [faults of containers] [lease-ms] [seed]
set -u
here=$(cd "$(dirname "$0")" && pwd)
faults=${1:-900}
containers=${2:-100}
lease=${3:-1000}
seed=${4:-$(date +%s)}
striker=$here/../tests/striker/bin/Release/net10.0/Pressure.Striker.dll
dotnet build -c Release "$here/../tests/striker/Pressure.Striker.csproj" -v q -nologo >&2 || exit 2
echo "$faults faults and $containers of containers, lease $lease ms, seed $seed"
missed=0
dotnet "$striker" kills "$faults" "$lease" "$seed" || missed=1
dotnet "$striker" kills-containers "$containers" "$lease" "$seed" || missed=1
dotnet "$striker" all-killed 5 "$lease" || missed=1
dotnet "$striker" kernel 3 "$lease" || missed=1
for kind in process-freeze network-loss container-pause container-kill; do
  dotnet "$striker" stop $kind 50 1 || missed=1
done
exit $missed
