#!/bin/sh
# What an open connection costs the engine in user memory: the difference between two processes, with few and with many connections
# open, all of them carrying a request, by their number. How to read it: bench/README.md.
# Usage: bench/connections.sh [few] [many] [seconds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
few=${1:-100}
many=${2:-10000}
seconds=${3:-12}
dll=$here/bin/Release/net10.0/Pressure.Bench.dll
folder=$(mktemp -d)
server_pid=
holder_pid=

finish() {
  for pid in $server_pid $holder_pid; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ "$(ulimit -n)" -lt $((many + 600)) ]; then
  echo "$many connections need more open files than the limit of $(ulimit -n): raise it with ulimit -n, or ask for fewer." >&2
  exit 2
fi
dotnet build -c Release "$here/Pressure.Bench.csproj" -v q -nologo

# The server lives as long as its input, which the sleep holds open.
mkfifo "$folder/in"
sleep $((seconds * 4 + 60)) >"$folder/in" &
holder_pid=$!
dotnet "$dll" hold 4 <"$folder/in" >"$folder/url" &
server_pid=$!
for _ in $(seq 100); do
  [ -s "$folder/url" ] && break
  sleep 0.1
done
url=$(cat "$folder/url")

for connections in "$few" "$many"; do
  dotnet "$dll" "$url" max "$seconds" "$connections" 1 >"$folder/$connections"
  sed -n 's/.*open=\([0-9]*\) heapBytes=\([0-9]*\) anonymousBytes=\([0-9]*\).*/\1 \2 \3/p' "$folder/$connections" >>"$folder/figures"
done

awk '{
  printf "%6d open: managed heap %6.2f MB, anonymous memory %6.2f MB\n", $1, $2 / 1e6, $3 / 1e6
  if (NR == 1) { n = $1; heap = $2; anonymous = $3 }
  else printf "per connection: managed heap %.0f bytes, anonymous memory %.0f bytes\n", ($2 - heap) / ($1 - n), ($3 - anonymous) / ($1 - n)
}' "$folder/figures"
