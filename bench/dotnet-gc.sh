#!/bin/sh
# What listening to the collections of a .NET process costs it, and whether every one is heard. How to read it: bench/README.md.
# Usage: bench/dotnet-gc.sh [rounds] [seconds]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dotnet build -c Release "$here/Pressure.Bench.csproj" -v q -nologo
dotnet build -c Release "$here/../tests/collector/Pressure.Collector.csproj" -v q -nologo
exec dotnet "$here/bin/Release/net10.0/Pressure.Bench.dll" gc "$here/../tests/collector/bin/Release/net10.0/Pressure.Collector.dll" "${1:-10}" "${2:-10}"
