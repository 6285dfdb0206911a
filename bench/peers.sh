# The peers of engine.sh: how each is installed, called and read. Sourced by it; uses its $folder, $here and $seconds.

threads=1
dll=$here/bin/Release/net10.0/Pressure.Bench.dll

install_missing() {
  missing=
  for need in nginx:nginx-light wrk:wrk ab:apache2-utils h2load:nghttp2-client hey:hey openssl:openssl; do
    command -v "${need%%:*}" >/dev/null || [ -x "/usr/sbin/${need%%:*}" ] || missing="$missing ${need#*:}"
  done
  [ -z "$missing" ] && return
  if [ "$(id -u)" = 0 ]; then
    apt-get install -y -q $missing >"$folder/apt.log" 2>&1 || { cat "$folder/apt.log" >&2; exit 1; }
  else
    echo "Leaving out what is missing; to have it: apt-get install -y$missing" >&2
  fi
}

# Those of its arguments that are on this machine.
present() {
  for peer in "$@"; do
    if [ "$peer" = ours ] || command -v "$peer" >/dev/null; then printf '%s ' "$peer"; fi
  done
}

free_port() {
  candidate=$1
  while [ -n "$(ss -Hltn "sport = :$candidate" 2>/dev/null)" ]; do candidate=$((candidate + 1)); done
  echo "$candidate"
}

start_nginx() {
  port=$(free_port 18080)
  tls_port=$(free_port $((port + 1)))
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
    -addext "subjectAltName=IP:127.0.0.1,DNS:localhost" -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
  cat >"$folder/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $folder/nginx.pid; error_log $folder/error.log;
events { worker_connections 8192; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  ssl_certificate $folder/cert.pem; ssl_certificate_key $folder/key.pem;
  client_body_temp_path $folder; proxy_temp_path $folder; fastcgi_temp_path $folder; uwsgi_temp_path $folder; scgi_temp_path $folder;
  server {
    listen 127.0.0.1:$port backlog=4096; listen 127.0.0.1:$tls_port ssl backlog=4096;
    location / { return 200 "hello"; }
    location /item { default_type application/json; return 200 '{"id":"\$arg_id","name":"lamp","price":12.5}'; }
  }
}
CONF
  PATH=$PATH:/usr/sbin nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log" &
  nginx_pid=$!
  for _ in $(seq 50); do
    [ -n "$(ss -Hltn "sport = :$tls_port")" ] && return
    kill -0 "$nginx_pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$folder/error.log" >&2
  exit 1
}

# The same scenario twice: bare, and with all that a declarative plan may do to each request.
write_plans() {
  head="target: http://127.0.0.1:$port
load: { rate: 1/s, duration: 1s }
scenarios:
  - name: look
    steps:"
  printf 'name: bare\n%s\n      - get: /item?id=1\n' "$head" >"$folder/bare.yaml"
  printf 'name: rich\ndata:\n  - { file: items.csv, pick: random }\n%s
      - get: /item
        query: { id: "{{id}}" }
        headers: { X-Visit: "{{uuid}}" }
        check: { status: 200, body: lamp }
        extract: { price: { json: $.price } }\n' "$head" >"$folder/rich.yaml"
  { echo id; seq 1000; } >"$folder/items.csv"
}

# Runs a command within a time limit; its output goes to $folder/out. Prints the CPU seconds, user and system, of the command alone.
cpu_of() {
  # Not in a subshell, which would have no children to tell of.
  times >"$folder/before"
  timeout -k 5 $((seconds * 3 + 20)) "$@" >"$folder/out" 2>"$folder/err" || { echo "failed: $*" >&2; tail -3 "$folder/err" >&2; }
  times >"$folder/after"
  cat "$folder/before" "$folder/after" | awk '
    function seconds_of(t) { split(t, p, "m"); return p[1] * 60 + p[2] }
    { total[NR] = seconds_of($1) + seconds_of($2) }
    END { print total[4] - total[2] }'
}

# What ours marks each request with; the others send the same (with MARKS= they send less than ours), so that the target reads as much.
marks=${MARKS-yes}
run="X-Pressure-Run: bench"
baggage="baggage: pressure.run=bench"
trace="traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

# measure NAME PEER URL CONNECTIONS: writes "NAME PEER requests/s CPU-microseconds-per-request".
measure() {
  case $2 in
    ours*) set -- "$@" dotnet "$dll" "$3" max "$seconds" "$4" "$threads" ;;
    wrk) set -- "$@" wrk -t"$threads" -c"$4" -d"${seconds}s" ${marks:+-H "$run" -H "$baggage" -H "$trace"} "$3" ;;
    wrk2) set -- "$@" wrk2 -t"$threads" -c"$4" -d"${seconds}s" -R200000 ${marks:+-H "$run" -H "$baggage" -H "$trace"} "$3" ;;
    ab) set -- "$@" ab -q -k -t "$seconds" -n 50000000 -c "$4" ${marks:+-H "$run" -H "$baggage" -H "$trace"} "$3" ;;
    h2load) set -- "$@" h2load --h1 -t "$threads" -c "$4" -D "$seconds" ${marks:+-H "$run" -H "$baggage" -H "$trace"} "$3" ;;
    hey) set -- "$@" hey -c "$4" -z "${seconds}s" ${marks:+-H "$run" -H "$baggage" -H "$trace"} "$3" ;;
  esac
  name=$1 peer=$2
  shift 4
  cpu=$(cpu_of "$@")
  read_figures "$peer" | awk -v name="$name" -v peer="$peer" -v cpu="$cpu" \
    'NF == 2 && $2 > 0 { printf "%s %s %.0f %.3f\n", name, peer, $1, cpu * 1e6 / $2 }' >>"$folder/figures"
}

# Requests per second, and requests in all, from a peer's own report.
read_figures() {
  case $1 in
    ours*) sed -n 's/.*sent=\([0-9]*\).*perSecond=\([0-9]*\).*/\2 \1/p' "$folder/out" ;;
    wrk | wrk2) awk '/requests in/ { n = $1 } /^Requests\/sec/ { print $2, n }' "$folder/out" ;;
    ab) awk '/^Complete requests/ { n = $3 } /^Requests per second/ { print $4, n }' "$folder/out" ;;
    h2load) awk '/^finished in/ { rate = $4 } /^requests:/ { print rate, $8 }' "$folder/out" ;;
    hey) awk '/Requests\/sec/ { rate = $2 } /\[200\]/ { n = $2 } END { print rate, n }' "$folder/out" ;;
  esac
}

# pace RATE: our lateness at a rate that the machine can carry, in microseconds; writes "pace-RATE ours p50 p99 CPU".
pace() {
  cpu=$(cpu_of dotnet "$dll" "$plain" "$1" "$seconds" 64 "$threads")
  sed -n 's/.*sent=\([0-9]*\).*late50us=\([0-9]*\) late99us=\([0-9]*\).*/\1 \2 \3/p' "$folder/out" |
    awk -v rate="$1" -v cpu="$cpu" '{ printf "pace-%s ours %s %s %.3f\n", rate, $2, $3, cpu * 1e6 / $1 }' >>"$folder/figures"
}
