#!/bin/sh
# How fast captures become HTTP requests, and with how much memory: a capture made for the occasion, read alone, read and decoded, put together into
# streams, and taken apart into exchanges; then an eighth of it by tshark, for which "times" is how many times as much the last step does in a second of CPU.
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
for step in read decode streams http; do
  $bench "$step" "$folder/mix.pcap" "$rounds" | sed "s/^/$step /" | tee "$folder/$step"
done
command -v tshark >/dev/null || exit 0
$bench write $((megabytes / 8)) "$folder/part.pcap" >/dev/null
ours=$(sed 's/.*cpu-s=\([0-9]*\).*/\1/' "$folder/http" | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }')
export TIMEFORMAT='%U %S'
bash -c "time tshark -r '$folder/part.pcap' -o tcp.reassemble_out_of_order:TRUE -Y http.request -T fields -e tcp.stream -e http.request.method \
  -e http.host -e http.request.uri >'$folder/requests' 2>/dev/null" 2>"$folder/cpu"
awk -v bytes="$(wc -c <"$folder/part.pcap")" -v requests="$(wc -l <"$folder/requests")" -v ours="$ours" \
  '{ rate = bytes / 1e6 / ($1 + $2); printf "tshark MB/cpu-s=%.0f requests=%d times=%.0f\n", rate, requests, ours / rate }' "$folder/cpu"
