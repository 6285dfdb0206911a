#!/bin/sh
# What one coordinator takes: merging a second of 1,000 workers, and taking the seconds of 200 workers over a RabbitMQ of its own. How to read it: bench/README.md.
# Needs rabbitmq-server.
# Usage: bench/cluster.sh [seconds] [workers] [rounds] [times]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-30}
workers=${2:-200}
rounds=${3:-7}
times=${4:-20}
folder=$(mktemp -d)
rabbit='' mapper=''
end() {
  [ -z "$rabbit" ] || { kill "$rabbit" 2>/dev/null && wait "$rabbit" || true; }
  [ -z "$mapper" ] || kill "$mapper" 2>/dev/null || true
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT TERM

dotnet build -c Release "$here/cluster/Pressure.Bench.Cluster.csproj" -v q -nologo >&2
bench="dotnet $here/cluster/bin/Release/net10.0/Pressure.Bench.Cluster.dll"

port=$((20000 + $$ % 10000))
mkdir "$folder/data" "$folder/log"
printf 'listeners.tcp.1 = 127.0.0.1:%s\n' "$port" >"$folder/rabbitmq.conf"
: >"$folder/env.conf"
echo '[].' >"$folder/plugins"
export HOME="$folder" ERL_EPMD_PORT=$((port + 10000)) ERL_EPMD_ADDRESS=127.0.0.1 RUNNING_UNDER_SYSTEMD=true \
  RABBITMQ_NODENAME="bench$$@localhost" RABBITMQ_DIST_PORT=$((port + 20000)) RABBITMQ_MNESIA_BASE="$folder/data" RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_LOGS=- \
  RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" RABBITMQ_CONF_ENV_FILE="$folder/env.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins" \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 >"$folder/epmd.out" 2>&1 </dev/null &
mapper=$!
# Else the broker starts a mapper of its own, which outlives it.
until epmd -names >/dev/null 2>&1; do
  kill -0 "$mapper"
  sleep 0.1
done
/usr/lib/rabbitmq/bin/rabbitmq-server >"$folder/rabbit.out" 2>&1 </dev/null &
rabbit=$!

# Of several rounds the fastest counts: the first ones compile, and on a busy machine others cost caches.
$bench merge 1000 50 "$times" "$rounds" >"$folder/merge"
cat "$folder/merge"
awk '{ split($6, m, "="); if (!best || m[2] < best) best = m[2] } END { printf "merge of 1,000 workers x 50 requests: %.0f ms, goal < 100 ms: %s\n", best, best < 100 ? "reached" : "missed" }' "$folder/merge"

broker="amqp://127.0.0.1:$port"
$bench reader "$broker" "$workers" "$seconds" "$folder/run" >"$folder/reader" &
reader=$!
for _ in $(seq 600); do
  grep -q ready "$folder/reader" && break
  sleep 0.1
done
$bench workers "$broker" "$workers" "$seconds" "$times" | sed 's/^/workers: /'
wait "$reader"
sed -n 's/^workers=/reader: workers=/p' "$folder/reader"
sed -n 's/.*lost=\([0-9]*\).*core-share=\([0-9.]*\).*/\1 \2/p' "$folder/reader" |
  awk -v w="$workers" '{ printf "%s workers: %.0f %% of a core, %d lost, goal < 50 %% and 0: %s\n", w, 100 * $2, $1, $2 < 0.5 && $1 == 0 ? "reached" : "missed" }'
