#!/bin/sh
# Compares the engine with other generators against nginx on loopback. How to read it: bench/README.md.
# Usage: bench/engine.sh [rounds] [seconds]
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

install_missing
dotnet build -c Release "$here/Pressure.Bench.csproj" -v q -nologo
start_nginx
write_plans

plain=http://127.0.0.1:$port/
secure=https://127.0.0.1:$tls_port/
peers=$(present ${PEERS:-ours wrk wrk2 ab h2load hey})
# wrk2 speaks no TLS.
tls_peers=$(echo "$peers" | sed "s/wrk2//")

for round in $(seq "$rounds"); do
  for connections in 64 256; do
    for peer in $peers; do measure "plain-$connections" "$peer" "$plain" "$connections"; done
    for peer in $tls_peers; do measure "tls-$connections" "$peer" "$secure" "$connections"; done
  done
  for plan in bare rich; do measure plan-64 "ours-$plan" "$folder/$plan.yaml" 64; done
  for rate in 20000 50000; do pace "$rate"; done
  echo "round $round of $rounds is done" >&2
done

awk -f "$here/medians.awk" "$folder/figures"
