#!/bin/sh
# How fast a JVM's GC log is read, and with how much memory: logs made for the occasion, in the forms of JDK 17 (G1, all details) and
# JDK 8 (CMS). How to read it: bench/README.md.
# Usage: bench/gc-log.sh [megabytes] [rounds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
megabytes=${1:-200}
rounds=${2:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

dotnet build -c Release "$here/gclog/Pressure.Bench.GcLog.csproj" -v q -nologo
bench="dotnet $here/gclog/bin/Release/net10.0/Pressure.Bench.GcLog.dll"
for form in g1 cms; do
  $bench write "$form" "$megabytes" "$folder/$form.log"
  for round in $(seq "$rounds"); do echo "$form $($bench read "$folder/$form.log")"; done
done
