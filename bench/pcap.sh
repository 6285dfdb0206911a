#!/bin/sh
# How fast captures become HTTP requests, and with how much memory: a capture made for the occasion, read alone, read and decoded.
# How to read it: bench/README.md.
# Usage: bench/pcap.sh [megabytes] [rounds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
megabytes=${1:-1024}
rounds=${2:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

dotnet build -c Release "$here/traffic/Pressure.Bench.Traffic.csproj" -v q -nologo >&2
bench="dotnet $here/traffic/bin/Release/net10.0/Pressure.Bench.Traffic.dll"
$bench write "$megabytes" "$folder/mix.pcap"
for step in read decode; do
  $bench "$step" "$folder/mix.pcap" "$rounds" | sed "s/^/$step /"
done
