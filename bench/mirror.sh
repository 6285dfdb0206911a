#!/bin/sh
# The time to production's answer through a mirror with a live, dead, silent or slow test target, against that through the plain reverse proxy.
# How to read it: bench/README.md.
# Usage: bench/mirror.sh [rounds] [seconds] [rate] [body]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-9}
seconds=${2:-8}
rate=${3:-1000}
body=${4:-0}
folder=$(mktemp -d)
nginx_pids=

finish() {
  for pid in $nginx_pids; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

. "$here/peers.sh"

# start NAME PORT: a server of its own process, so that what copies cost it is not paid by production.
start() {
  mkdir "$folder/$1"
  cat >"$folder/$1/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $folder/$1/nginx.pid; error_log $folder/$1/error.log;
events { worker_connections 8192; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; client_max_body_size 0;
  client_body_temp_path $folder/$1; proxy_temp_path $folder/$1; fastcgi_temp_path $folder/$1; uwsgi_temp_path $folder/$1; scgi_temp_path $folder/$1;
  server { listen 127.0.0.1:$2 backlog=4096; location / { return 200 "hello"; } }
}
CONF
  PATH=$PATH:/usr/sbin nginx -p "$folder/$1" -c "$folder/$1/nginx.conf" -e "$folder/$1/error.log" &
  nginx_pids="$nginx_pids $!"
}

dotnet build -c Release "$here/../cli/Pressure.Cli.csproj" -v q -nologo
dotnet build -c Release "$here/mirror/Pressure.Bench.Mirror.csproj" -v q -nologo
production=$(free_port 18280)
start production "$production"
live=$(free_port $((production + 1)))
start live "$live"
sleep 0.5
dotnet "$here/mirror/bin/Release/net10.0/Pressure.Bench.Mirror.dll" "http://127.0.0.1:$production" "http://127.0.0.1:$live" \
  "$here/../cli/bin/Release/net10.0/pressure.dll" "$rounds" "$seconds" "$rate" "$body"
