# Sourced by ./pressure and ./test: what is needed beside the .NET 10 SDK, and how to get it.

# need PACKAGE:PATH ... - installs each Debian package whose PATH (a command or a file) is not there.
# Root installs; anyone else is told the one line that does it.
need() {
  local missing=() entry
  for entry in "$@"; do
    command -v "${entry#*:}" >/dev/null 2>&1 || [ -e "${entry#*:}" ] || missing+=("${entry%%:*}")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing: ${missing[*]}. Install with: sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    return 1
  fi
  echo "Installing ${missing[*]} ..." >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>"${TMPDIR:-/tmp}/pressure-apt.$$" </dev/null || {
    cat "${TMPDIR:-/tmp}/pressure-apt.$$" >&2
    rm -f "${TMPDIR:-/tmp}/pressure-apt.$$"
    return 1
  }
  rm -f "${TMPDIR:-/tmp}/pressure-apt.$$"
}

need_sdk() {
  dotnet --list-sdks 2>/dev/null | grep -q '^10\.' && return 0
  echo "Pressure needs the .NET 10 SDK (dotnet on the PATH)." >&2
  return 1
}

# To build: Node fetches the chart library.
need_to_build() { need_sdk && need nodejs:node npm:npm; }

# To print reports: a browser, and fonts for Latin and Chinese.
need_to_report() {
  need chromium:chromium fonts-dejavu-core:/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-wqy-microhei:/usr/share/fonts/truetype/wqy/wqy-microhei.ttc
}

# To strike containers where no engine runs yet: one that the demo starts and ends.
need_for_containers() {
  [ -S "${DOCKER_HOST:+${DOCKER_HOST#unix://}}" ] || [ -S /var/run/docker.sock ] || need docker.io:dockerd
}

# To test: real servers and readers of what we write.
need_to_test() {
  need nginx-light:/usr/sbin/nginx poppler-utils:pdftotext curl:curl procps:ps mount:mount busybox:busybox util-linux:setsid \
    docker.io:dockerd docker-compose:docker-compose openssl:openssl iptables:iptables iproute2:ip victoria-metrics:/usr/bin/victoria-metrics influxdb:/usr/bin/influxd \
    openjdk-17-jdk-headless:javac libhdrhistogram-java:/usr/share/java/hdrhistogram.jar \
    "libsqlite3-0:/usr/lib/$(uname -m)-linux-gnu/libsqlite3.so.0" tzdata:/usr/share/zoneinfo/Europe/Berlin \
    tcpdump:tcpdump tshark:tshark redis-server:redis-server rabbitmq-server:/usr/lib/rabbitmq/bin/rabbitmq-server postgresql-15:/usr/lib/postgresql/15/bin/postgres \
    "libpcap0.8:/usr/lib/$(uname -m)-linux-gnu/libpcap.so.0.8"
}
