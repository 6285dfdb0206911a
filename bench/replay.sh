#!/bin/sh
# Measures a replay of traffic out of memory against nginx on loopback: how exact at captured timing, and how fast beside the engine's bare rate. How to read it: bench/README.md.
# Usage: bench/replay.sh [rounds] [seconds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
seconds=${2:-10}
folder=$(mktemp -d)
nginx_pid=

finish() {
  if [ -n "$nginx_pid" ]; then
    kill "$nginx_pid" 2>/dev/null || true
    wait "$nginx_pid" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

. "$here/peers.sh"

# run NAME ARGUMENTS...: runs the bench once; writes "NAME" and its line of figures.
run() {
  name=$1
  shift
  timeout -k 5 $((seconds * 3 + 20)) dotnet "$dll" "$@" >"$folder/out" 2>"$folder/err" || { echo "failed: $*" >&2; tail -3 "$folder/err" >&2; }
  sed "s/^/$name /" "$folder/out" >>"$folder/figures"
}

dotnet build -c Release "$here/Pressure.Bench.csproj" -v q -nologo
start_nginx
plain=http://127.0.0.1:$port/

# The real thing is measured in turn with what it is held against, so that both have the same machine.
for round in $(seq "$rounds"); do
  run bare "$plain" max "$seconds" 64 1
  run sessions-1000 replay "$plain" max "$seconds" 64 1000 1
  run sessions-20 replay "$plain" max "$seconds" 64 20 1
  run pace-bare "$plain" 10000 "$seconds" 64 1
  run pace-1000 replay "$plain" 10000 "$seconds" 64 1000 1
  run pace-20 replay "$plain" 10000 "$seconds" 64 20 1
  echo "round $round of $rounds is done; the machine's load is $(cut -d' ' -f1 /proc/loadavg)" >&2
done

awk -f "$here/replay.awk" "$folder/figures"
