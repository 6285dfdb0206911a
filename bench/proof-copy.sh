#!/bin/sh
# The whole way of a copy, end to end: a minute of mixed load on the sample shop, recorded by tcpdump and live by `pressure capture` at the same time, then replayed
# against a second shop at 1x and at 5x, reading requests alone and all of them. The shops' own counts decide. Needs root (tcpdump), curl and jq. bench/README.md.
# Usage: bench/proof-copy.sh [seconds] [rate] [folder for reports]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-60}
rate=${2:-150}
reports=${3:-}
folder=$(mktemp -d)
pids=

# Ends only what it has started.
finish() {
  for pid in $pids; do
    kill "$pid" 2>/dev/null || true
  done
  for pid in $pids; do
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

for tool in tcpdump curl jq; do
  command -v $tool >/dev/null || { echo "$tool is missing; to have it: apt-get install -y $tool" >&2; exit 2; }
done
dotnet build -c Release "$here/../cli" -v q -nologo >&2
bin=$here/../cli/bin/Release/net10.0
[ -n "$reports" ] || reports=$here/../runs/proof-copy
mkdir -p "$reports"

# shop NAME: starts one, and leaves its gateway's URL in NAME.url.
shop() {
  dotnet "$bin/shop.dll" --all --port 0 >"$folder/$1.ready" 2>"$folder/$1.log" &
  pids="$pids $!"
  for _ in $(seq 300); do
    [ -s "$folder/$1.ready" ] && break
    sleep 0.1
  done
  jq -r .gateway "$folder/$1.ready" >"$folder/$1.url"
  [ -s "$folder/$1.url" ] || { cat "$folder/$1.log" >&2; exit 1; }
}

# asked NAME [GET]: how often each endpoint of a shop was asked, by its own count.
asked() {
  curl -sS "$(cat "$folder/$1.url")/_stats" | jq -r --arg method "${2:-}" '.endpoints | to_entries[] | select($method == "" or (.key | startswith("POST") | not)) | "\(.value.received) \(.key)"' | sort
}

shop recorded
shop second
recorded=$(cat "$folder/recorded.url")
second=$(cat "$folder/second.url")
port=${recorded##*:}
cat >"$folder/plan.yaml" <<PLAN
name: shop
target: $recorded
load: { rate: $rate/s, duration: ${seconds}s, arrivals: poisson }
scenarios:
  - { name: browse, weight: 5, steps: [ { get: / }, { get: /item/7 }, { get: "/search?q=tea" } ] }
  - { name: fill the cart, weight: 3, steps: [ { get: /cart/anna }, { post: /cart/anna, json: { item: 7 } }, { get: /cart/anna } ] }
  - { name: buy, weight: 1, steps: [ { post: /order, json: { item: 7 }, check: { status: 201 } }, { get: /item/99999, check: { status: 404 } }, { get: /nowhere, check: { status: 404 } } ] }
PLAN

tcpdump -i lo -w "$folder/dump.pcap" -U --immediate-mode -B 131072 -s 70000 -n -Z root tcp port "$port" 2>"$folder/tcpdump.log" &
tcpdump_pid=$!
"$bin/pressure" capture --interface lo --port "$port" --out "$folder/live.capture" --json >"$folder/live.json" 2>"$folder/live.log" &
live_pid=$!
pids="$pids $tcpdump_pid $live_pid"
for _ in $(seq 300); do
  [ -e "$folder/live.capture" ] && grep -q 'listening on' "$folder/tcpdump.log" && break
  sleep 0.1
done

"$bin/pressure" run "$folder/plan.yaml" --no-report --quiet --out "$folder/run" >&2 &
run_pid=$!
# Somebody else beside it, who writes requests in other ways.
while kill -0 $run_pid 2>/dev/null; do
  curl -sS -o /dev/null -H 'Cookie: visit=1' "$recorded/item/1" -o /dev/null "$recorded/cart/berta" --next -sS -o /dev/null -H 'Content-Type: application/json' -d '{"item":1}' "$recorded/order"
  sleep 0.5
done
wait $run_pid
sleep 2
# Not INT: the shell lets what runs in the background ignore it.
kill -TERM $tcpdump_pid $live_pid
wait $tcpdump_pid || true
wait $live_pid || true
grep 'dropped by kernel' "$folder/tcpdump.log" >&2

"$bin/pressure" capture "$folder/dump.pcap" --port "$port" --out "$folder/dump.capture"
jq -r '.capture | "live: \(.exchanges) exchanges of \(.connections) connections; packets \(.accounts.packets) = \([.accounts.packetFates | to_entries[] | select(.value > 0) | "\(.value) \(.key)"] | join(" + ")); bytes \(.accounts.payloadBytes) = \([.accounts.byteFates | to_entries[] | select(.value > 0) | "\(.value) \(.key)"] | join(" + ")); balanced \(.accounts.balanced)"' "$folder/live.json"
echo
echo "asked of the first shop"
asked recorded
asked recorded >"$folder/all"
asked recorded GET >"$folder/reading"

# replay CAPTURE SPEED EXPECTED LANGUAGE [OPTIONS]: replays, and holds the second shop's counts against the first one's.
failed=0
replay() {
  capture=$1 speed=$2 expected=$3 language=$4
  shift 4
  curl -sS -X POST "$second/_stats/reset"
  out=$reports/${capture%.capture}-$speed-$expected
  rm -rf "$out"
  "$bin/pressure" replay "$folder/$capture" --target "$second" --speed "$speed" --compare --lang "$language" --quiet --out "$out" "$@" >&2 || true
  asked second >"$folder/now"
  if cmp -s "$folder/$expected" "$folder/now"; then said=equal; else said=DIFFERENT failed=1; fi
  jq -r --arg said "$said" --arg name "$capture at $speed, $expected" '"\($name): sent \(.sent) of \(.planned); counts \($said); drift \(.drift); error p50 \(.timing[] | select(.percentile == 50) | .error), p99 \(.timing[] | select(.percentile == 99) | .error)"' "$out/replay.json"
  jq -r '"  answers compared \(.compared), same \(.same), fields that differ \(.fields | length)"' "$out/differences.json"
}

echo
replay dump.capture 1x reading en
replay live.capture 1x all zh --method POST
replay dump.capture 5x all en --method POST
replay live.capture 5x reading zh
echo "reports: $reports"
exit $failed
