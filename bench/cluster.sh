#!/bin/sh
# What one coordinator takes (merging a second of 1,000 workers, leading 200 workers), how soon a killed worker's share goes on elsewhere, and what restarts of the broker cost.
# How to read it: bench/README.md. Needs root, ip and rabbitmq-server; it starts brokers of its own, and ends all that it started.
# Usage: bench/cluster.sh [seconds] [workers] [rounds] [times] [takeovers]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-30}
workers=${2:-200}
rounds=${3:-7}
times=${4:-20}
takeovers=${5:-10}
folder=$(mktemp -d)
rabbit='' mapper='' burners='' rooms='' networks=''
end() {
  for burner in $burners; do kill "$burner" 2>/dev/null || true; done
  [ -z "$rabbit" ] || { kill "$rabbit" 2>/dev/null && wait "$rabbit" || true; }
  [ -z "$mapper" ] || kill "$mapper" 2>/dev/null || true
  for network in $networks; do ip netns delete "$network" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT TERM

dotnet build -c Release "$here/cluster/Pressure.Bench.Cluster.csproj" -v q -nologo >&2
dotnet build -c Release "$here/../cli/Pressure.Cli.csproj" -v q -nologo >&2
bench="dotnet $here/cluster/bin/Release/net10.0/Pressure.Bench.Cluster.dll"
pressure=$here/../cli/bin/Release/net10.0/pressure

# Four networks, each with a wire to this machine.
port=$((20000 + $$ % 10000))
mkdir "$folder/data" "$folder/log"
printf 'listeners.tcp.1 = 127.0.0.1:%s\nloopback_users.guest = false\n' "$port" >"$folder/rabbitmq.conf"
for number in 1 2 3 4; do
  network=pc$$n$number
  address=10.214.$(($$ % 250)).$((number * 4 + 1))
  ip netns add "$network"
  networks="$networks $network"
  ip link add "pc$$h$number" type veth peer name "pc$$r$number" netns "$network"
  ip addr add "$address/30" dev "pc$$h$number"
  ip link set "pc$$h$number" up
  ip -n "$network" addr add "10.214.$(($$ % 250)).$((number * 4 + 2))/30" dev "pc$$r$number"
  ip -n "$network" link set "pc$$r$number" up
  ip -n "$network" link set lo up
  ip -n "$network" route add default via "$address"
  rooms="$rooms $network=$address"
  printf 'listeners.tcp.%s = %s:%s\n' "$((number + 1))" "$address" "$port" >>"$folder/rabbitmq.conf"
done

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
start_broker() {
  /usr/lib/rabbitmq/bin/rabbitmq-server >>"$folder/rabbit.out" 2>&1 </dev/null &
  rabbit=$!
}
start_broker

# Of several rounds the fastest counts: the first ones compile, and on a busy machine others cost caches.
$bench merge 1000 50 "$times" "$rounds" >"$folder/merge"
cat "$folder/merge"
awk '{ split($6, m, "="); if (!best || m[2] < best) best = m[2] } END { printf "merge of 1,000 workers x 50 requests: %.0f ms, goal < 100 ms: %s\n", best, best < 100 ? "reached" : "missed" }' "$folder/merge"

broker="amqp://127.0.0.1:$port"
$bench workers "$broker" "$workers" "$times" >"$folder/workers" &
crowd=$!
$bench coordinator "$broker" "$workers" "$seconds" "$times" "$folder/run" >"$folder/coordinator"
wait "$crowd"
sed 's/^/workers: /' "$folder/workers"
sed 's/^/coordinator: /' "$folder/coordinator"
sed -n 's/.*lost=\([0-9]*\) doubled=\([0-9]*\) .*core-share=\([0-9.]*\).*/\1 \2 \3/p' "$folder/coordinator" |
  awk -v w="$workers" '{ printf "%s workers: %.0f %% of a core, %d lost, %d doubled, goal < 50 %% and 0: %s\n", w, 100 * $3, $1, $2, $3 < 0.5 && $1 + $2 == 0 ? "reached" : "missed" }'
rm -rf "$folder/run"

echo "4 workers, heartbeat 1 s, one killed"
$bench takeovers "$port" "$pressure" "$folder/takeovers" "$takeovers" $rooms
echo "the same beside two busy loops"
for _ in 1 2; do
  while :; do :; done &
  burners="$burners $!"
done
$bench takeovers "$port" "$pressure" "$folder/busy" "$takeovers" $rooms
for burner in $burners; do kill "$burner" 2>/dev/null || true; done
burners=''

echo "the broker restarted in order, then killed and started"
$bench restarts "$port" "$pressure" "$folder/restarts" 45 ${rooms% *} >"$folder/restarted" &
pressing=$!
until grep -q pressing "$folder/restarted"; do
  kill -0 "$pressing"
  sleep 0.1
done
for signal in TERM KILL; do
  sleep 4
  kill -"$signal" "$rabbit"
  wait "$rabbit" || true
  start_broker
  sleep 12
done
wait "$pressing"
grep workers= "$folder/restarted"
awk '/workers=/ { for (i = 1; i <= NF; i++) { split($i, f, "="); v[f[1]] = f[2] } ok = v["lost"] + v["doubled"] == 0 && v["equal-to-own"] == "True" && v["asked"] == v["expected"] && v["asked"] == v["sent"] + v["not-sent"] && v["sent"] == v["served"]
  printf "broker restarted twice: %d seconds lost, %d doubled, %d asked, %d sent, %d served, goal 0, 0 and all equal: %s\n", v["lost"], v["doubled"], v["asked"], v["sent"], v["served"], ok ? "reached" : "missed" }' "$folder/restarted"
