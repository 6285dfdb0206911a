#!/bin/sh
# Measures replays against nginx on loopback, out of memory and of a capture: how exact at captured timing, how fast beside the engine's bare rate. How to read it: bench/README.md.
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

# program NAME ARGUMENTS...: likewise the whole program, as people run it; its figures come from the run folder.
program() {
  name=$1
  shift
  rm -rf "$folder/run"
  timeout -k 5 $((seconds * 3 + 20)) "$pressure" "$@" --no-report --quiet --out "$folder/run" >"$folder/out" 2>&1 || { echo "failed: $*" >&2; tail -3 "$folder/out" >&2; }
  awk -v name="$name" '
    { value = $2; gsub(/[",]/, "", value) }
    /"delivered":/ { rate = value }
    /"generator":/ { own = 1 }
    own && /"cpu":/ { cpu = value; own = 0 }
    /"percentile":/ { percentile = value }
    /"error":/ { split(value, t, ":"); errors[percentile] = ((t[1] * 60 + t[2]) * 60 + t[3]) * 1e6 }
    /"held":/ { held = value }
    /"drift":/ { drift = value }
    END { printf "%s perSecond=%s cpuMicrosPerRequest=%s error50us=%s error99us=%s driftPercent=%s held=%s\n", name, rate, cpu * 1e6 / rate, errors[50], errors[99], drift * 100, held }
  ' "$folder/run/summary.json" $(ls "$folder/run/replay.json" 2>/dev/null) >>"$folder/figures"
}

dotnet build -c Release "$here/Pressure.Bench.csproj" -v q -nologo
dotnet build -c Release "$here/../cli" -v q -nologo
pressure=$here/../cli/bin/Release/net10.0/pressure
start_nginx
plain=http://127.0.0.1:$port/
dotnet "$dll" capture "$folder/made-up.capture" 10000 "$seconds" 64 1000
cat >"$folder/users.yaml" <<PLAN
name: bare
target: $plain
load: { users: 64, duration: $((seconds + 2))s, warmUp: 2s }
scenarios: [ { steps: [ { get: /item?id=1 } ] } ]
PLAN

# The real thing is measured in turn with what it is held against, so that both have the same machine.
for round in $(seq "$rounds"); do
  run bare "$plain" max "$seconds" 64 1
  run sessions-1000 replay "$plain" max "$seconds" 64 1000 1
  run sessions-20 replay "$plain" max "$seconds" 64 20 1
  program program-bare run "$folder/users.yaml"
  program program-replay replay "$folder/made-up.capture" --target "$plain" --speed max --loop forever --duration "$((seconds + 2))s" --warm-up 2s
  run pace-bare "$plain" 10000 "$seconds" 64 1
  run pace-1000 replay "$plain" 10000 "$seconds" 64 1000 1
  run pace-20 replay "$plain" 10000 "$seconds" 64 20 1
  program pace-program replay "$folder/made-up.capture" --target "$plain"
  echo "round $round of $rounds is done; the machine's load is $(cut -d' ' -f1 /proc/loadavg)" >&2
done

awk -f "$here/replay.awk" "$folder/figures"
