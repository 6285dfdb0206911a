#!/bin/sh
# How fast packets become a capture store, masked as usual, and how fast that is read by time; plain and packed. How to read it: bench/README.md.
# Usage: bench/store.sh [megabytes] [rounds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
megabytes=${1:-512}
rounds=${2:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

dotnet build -c Release "$here/traffic/Pressure.Bench.Traffic.csproj" -v q -nologo >&2
bench="dotnet $here/traffic/bin/Release/net10.0/Pressure.Bench.Traffic.dll"
$bench write "$megabytes" "$folder/mix.pcap"
for packing in store store-packed; do
  $bench "$packing" "$folder/mix.pcap" "$folder/$packing.capture" | sed "s/^/$packing /"
  $bench by-time "$folder/$packing.capture" "$rounds" | sed "s/^/$packing /"
done
