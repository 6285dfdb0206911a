#!/usr/bin/env bash
# Publishes the agent as a single file with the runtime in it, for the service to hand out: dist/agent/linux-x64/{pressure-agent,version}
#   build/agent.sh [--version V] [--out DIR] [--framework-dependent]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
out=dist/agent version= kind=(-p:SelfContained=true -p:PublishSingleFile=true -p:PublishTrimmed=true)
while [ $# -gt 0 ]; do
  case $1 in
    --version) version=$2 && shift 2 ;;
    --out) out=$2 && shift 2 ;;
    --framework-dependent) kind=(-p:SelfContained=false -p:PublishSingleFile=true -p:PublishTrimmed=false) && shift ;;
    *) echo "$1 is not understood. Usage: build/agent.sh [--version V] [--out DIR] [--framework-dependent]" >&2 && exit 2 ;;
  esac
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Intermediate files apart from those of ordinary builds, which may go on beside this one, and which judge the code.
dotnet publish agent/program/Pressure.Agent.Program.csproj -c Release -r linux-x64 -o "$work/out" -v quiet --nologo "-clp:ErrorsOnly;NoSummary" \
  --artifacts-path "$work/artifacts" -p:DebugType=none -p:RunAnalyzers=false -p:PublishScratch="$work" ${version:+-p:Version="$version"} "${kind[@]}" >&2
mkdir -p "$out/linux-x64"
version=$("$work/out/pressure-agent" --version)
echo "${version##* }" >"$work/version"
# By rename: whoever downloads it meanwhile gets the old one or the new one, whole.
install -m 755 "$work/out/pressure-agent" "$out/linux-x64/.pressure-agent"
mv "$out/linux-x64/.pressure-agent" "$out/linux-x64/pressure-agent"
mv "$work/version" "$out/linux-x64/version"
echo "$out/linux-x64/pressure-agent ($(cat "$out/linux-x64/version"), $(($(stat -c %s "$out/linux-x64/pressure-agent") >> 20)) MiB)"
