#!/bin/sh
# Installs the Pressure agent on this host and enrols it with the service at @SERVER@, which made this script:
#
#   curl -fsSk --pinnedpubkey sha256//@PIN@ @SERVER@/install.sh | sh -s -- --token TOKEN
#
#   --token TOKEN       the one-time token from the service's page
#   --name NAME         what plans and reports call this host (default: its host name)
#   --label KEY=VALUE   service=orders, env=test, region=eu, ...; may be given again
#   --prefix DIR        where the program goes (default /usr/local/lib/pressure-agent)
#   --data DIR          where its key and buffer go (default /var/lib/pressure-agent)
#   --allow-capture P   the service may look at traffic of the servers' ports P: 80,443, or any (default: none)
#   --no-start          only install and enrol
#   --uninstall         stop it and remove the program; --purge takes its key and buffer along
#
# -k is safe here: curl accepts no other key than the pinned one.
set -eu

server='@SERVER@'
pin='@PIN@'
prefix=/usr/local/lib/pressure-agent
data=/var/lib/pressure-agent
unit=/etc/systemd/system/pressure-agent.service

fail() {
  echo "pressure-agent: $1" >&2
  exit "${2:-1}"
}

fetch() { # path file
  curl -fsSk --pinnedpubkey "sha256//$pin" --retry 3 -o "$2" "$server$1" || fail "cannot fetch $server$1 (see above)"
}

has_systemd() { [ -d /run/systemd/system ] && command -v systemctl >/dev/null; }

checksum_of() { # rid
  case $1 in
@CHECKSUMS@
    *) fail "the service at $server has no agent for $1: run build/agent.sh there" ;;
  esac
}

uninstall() {
  if has_systemd && [ -e "$unit" ]; then
    systemctl disable --now pressure-agent || true
    rm -f "$unit"
    systemctl daemon-reload
  fi
  rm -rf "$prefix"
  [ "$1" = yes ] && rm -rf "$data"
  echo "The Pressure agent is removed$([ "$1" = yes ] || echo "; its key and buffer are kept in $data (--purge removes them)")."
}

write_unit() {
  # To capture takes a right and a kind of socket that it has no need of otherwise.
  [ -z "$capture" ] && more='' || more="/^ExecStart=/s/\$/ --allow-capture $capture/; /^CapabilityBoundingSet=/s/\$/ CAP_NET_RAW/; /^RestrictAddressFamilies=/s/\$/ AF_PACKET/"
  sed -e "s|@""PREFIX@|$prefix|g" -e "s|@""DATA@|$data|g" -e "$more" >"$unit" <<'UNIT'
@UNIT@
UNIT
}

# Everything within a function: a script that was cut off on its way does nothing.
main() {
  token='' start=yes remove=no purge=no labels='' capture=''
  name=$(hostname 2>/dev/null || cat /proc/sys/kernel/hostname)
  while [ $# -gt 0 ]; do
    case $1 in
      --token | --name | --label | --prefix | --data | --allow-capture) [ $# -ge 2 ] || fail "$1 needs a value" 2 ;;
    esac
    case $1 in
      --token) token=$2 && shift 2 ;;
      --name) name=$2 && shift 2 ;;
      --label) labels="$labels$2
" && shift 2 ;;
      --prefix) prefix=$2 && shift 2 ;;
      --data) data=$2 && shift 2 ;;
      --allow-capture) capture=$2 && shift 2 ;;
      --no-start) start=no && shift ;;
      --uninstall) remove=yes && shift ;;
      --purge) purge=yes && shift ;;
      *) fail "$1 is not understood" 2 ;;
    esac
  done
  # It goes into a file that root runs.
  case $capture in
    '' | any) ;;
    *[!0-9,]*) fail "--allow-capture takes ports such as 80,443, or any" 2 ;;
  esac
  [ "$(id -u)" = 0 ] || fail "run it as root (it looks at other users' processes)" 2
  if [ "$remove" = yes ]; then
    uninstall "$purge"
    return
  fi
  [ "$(uname -s)" = Linux ] || fail "this host runs $(uname -s); the agent needs Linux" 2
  case $(uname -m) in
    x86_64) rid=linux-x64 ;;
    aarch64) rid=linux-arm64 ;;
    *) fail "there is no agent for $(uname -m)" 2 ;;
  esac
  [ -n "$token" ] || [ -e "$data/agent.json" ] || fail "--token is missing: make one on the service's page Agents" 2
  for tool in curl sha256sum sed mktemp; do
    command -v "$tool" >/dev/null || fail "$tool is missing on this host" 2
  done
  expected=$(checksum_of "$rid")

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  fetch "/agent/$rid/pressure-agent" "$work/pressure-agent"
  echo "$expected  $work/pressure-agent" | sha256sum -c - >/dev/null 2>&1 || fail "the downloaded program is not the one that the service means (its checksum differs); nothing was installed"
  chmod 755 "$work/pressure-agent"
  version=$("$work/pressure-agent" --version) || fail "the program does not run on this host"
  version=${version##* }
  mkdir -p "$prefix/versions/$version"
  mv "$work/pressure-agent" "$prefix/versions/$version/pressure-agent"
  ln -sfn "versions/$version/pressure-agent" "$prefix/pressure-agent"

  if [ -n "$token" ]; then
    set -- --server "$server" --token "$token" --name "$name" --data "$data"
    while IFS= read -r label; do
      [ -z "$label" ] || set -- "$@" --label "$label"
    done <<LABELS
$labels
LABELS
    "$prefix/pressure-agent" enrol "$@"
  fi

  if [ "$start" = no ] || ! has_systemd; then
    echo "Installed $version. Start it with: $prefix/pressure-agent run --data $data${capture:+ --allow-capture $capture}"
    return
  fi
  write_unit
  systemctl daemon-reload
  systemctl enable --quiet pressure-agent
  systemctl restart pressure-agent
  echo "The Pressure agent $version runs (systemctl status pressure-agent)."
}

main "$@"
