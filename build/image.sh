#!/usr/bin/env bash
# Builds the image of service, workers and command line on a base image of your own; what the base needs stands in deploy/docker/Dockerfile.
#   build/image.sh --base BASE [--tag pressure:latest] [--version V] [--only-publish DIR]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
base='' tag=pressure:latest version='' only=''
usage='Usage: build/image.sh --base BASE [--tag pressure:latest] [--version V] [--only-publish DIR]'
while [ $# -gt 0 ]; do
  case $1 in
    --base) base=$2 && shift 2 ;;
    --tag) tag=$2 && shift 2 ;;
    --version) version=$2 && shift 2 ;;
    --only-publish) only=$2 && shift 2 ;;
    *) echo "$1 is not understood. $usage" >&2 && exit 2 ;;
  esac
done
[ -n "$base$only" ] || { echo "Say on which image to build. $usage" >&2 && exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
context=${only:-$work/context}
mkdir -p "$context/state/runs"
# Intermediate files apart from those of ordinary builds, which may go on beside this one, and which judge the code.
dotnet publish cli/Pressure.Cli.csproj -c Release -r linux-x64 --self-contained true -o "$context/pressure" -v quiet --nologo "-clp:ErrorsOnly;NoSummary" \
  --artifacts-path "$work/artifacts" -p:DebugType=none -p:RunAnalyzers=false -p:PublishScratch="$work" ${version:+-p:Version="$version"} >&2
[ -z "$only" ] || { echo "$only" && exit 0; }
docker build --quiet --build-arg BASE="$base" --tag "$tag" --file deploy/docker/Dockerfile "$context"
