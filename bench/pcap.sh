#!/bin/sh
# How fast a capture becomes HTTP requests, and with how much memory, beside tshark: a capture made for the occasion is read, read and decoded, and
# read up to its exchanges. How to read it: bench/README.md.
# Usage: bench/pcap.sh [megabytes] [rounds]
#        bench/pcap.sh huge [gibibytes]      a capture that is made while it is read (50 GiB), and a file of as many zeros: what memory does meanwhile
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ "${1:-}" = huge ]; then
  dotnet build -c Release "$here/traffic/Pressure.Bench.Traffic.csproj" -v q -nologo >&2
  exec dotnet "$here/traffic/bin/Release/net10.0/Pressure.Bench.Traffic.dll" huge "${2:-50}"
fi
megabytes=${1:-1024}
rounds=${2:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

dotnet build -c Release "$here/traffic/Pressure.Bench.Traffic.csproj" -v q -nologo >&2
bench="dotnet $here/traffic/bin/Release/net10.0/Pressure.Bench.Traffic.dll"
$bench write "$megabytes" "$folder/mix.pcap"
for step in read decode exchanges; do
  $bench "$step" "$folder/mix.pcap" "$rounds" | sed "s/^/$step /"
done
if ! command -v tshark >/dev/null; then
  echo "tshark is left out; to have it: apt-get install -y tshark" >&2
  exit
fi

# Time by the clock, and processor time of all that was started so far.
now() {
  times >"$folder/times"
  echo "$(date +%s.%N) $(awk 'NR == 2 { split($1, u, "m"); split($2, s, "m"); printf "%.2f", u[1] * 60 + u[2] + s[1] * 60 + s[2] }' "$folder/times")"
}

# Whole processes, start-up included, in turn.
for round in $(seq "$rounds"); do
  now >"$folder/start"
  $bench exchanges "$folder/mix.pcap" >"$folder/ours"
  now >"$folder/between"
  tshark -r "$folder/mix.pcap" -Y http.request -T fields -e http.request.method -e http.request.uri >"$folder/theirs" 2>"$folder/tshark.log"
  now >"$folder/end"
  echo "$(cat "$folder/start" "$folder/between" "$folder/end" | tr '\n' ' ') $(sed 's/.*exchanges=\([0-9]*\).*/\1/' "$folder/ours") $(wc -l <"$folder/theirs")" | awk '{
    printf "beside tshark: ours %.2f s (%.2f s of processor), %d requests; tshark %.2f s (%.2f s), %d requests; %.0f times as fast, %.0f times by processor\n",
      $3 - $1, $4 - $2, $7, $5 - $3, $6 - $4, $8, ($5 - $3) / ($3 - $1), ($6 - $4) / ($4 - $2) }'
done
