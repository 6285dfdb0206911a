#!/bin/sh
# What capturing live takes and what it costs the host: wrk presses nginx in a network of its own, in turn without a capture, with one of everything, and with
# one of requests alone.
# Needs root, nginx and wrk. How to read it: bench/README.md.
# Usage: bench/capture.sh [rounds] [seconds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-3}
seconds=${2:-10}
folder=$(mktemp -d)
net=pbcapture$$
trap 'kill $(cat "$folder/nginx.pid" 2>/dev/null) 2>/dev/null; ip netns del $net 2>/dev/null; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

dotnet build -c Release "$here/traffic/Pressure.Bench.Traffic.csproj" -v q -nologo >&2
bench="dotnet $here/traffic/bin/Release/net10.0/Pressure.Bench.Traffic.dll"
ip netns add $net
ip -n $net link set lo up
mkdir "$folder/www"
head -c 6000 /dev/zero | tr '\0' x >"$folder/www/page"
cat >"$folder/nginx.conf" <<END
pid $folder/nginx.pid; error_log $folder/error.log; worker_processes 1;
events { worker_connections 1024; }
http { access_log off; server { listen 80; root $folder/www; keepalive_requests 1000000; } }
END
chmod 755 "$folder" "$folder/www"
ip netns exec $net nginx -c "$folder/nginx.conf" -e "$folder/error.log"
press() { ip netns exec $net wrk -t1 -c50 -d"$seconds" --latency http://127.0.0.1/page | awk '/99%/ { p99 = $2 } /Requests\/sec/ { print "requests/s=" $2, "p99=" p99 }'; }
press >"$folder/warm"
capture() { # everything | requests
  ip netns exec $net $bench live lo 80 $((seconds + 2)) "$1" >"$folder/live" &
  sleep 1
  echo "capturing $1: $(press)"
  wait $!
  echo "  $(cat "$folder/live")"
}
for round in $(seq "$rounds"); do
  echo "without a capture: $(press)"
  capture everything
  capture requests
done
