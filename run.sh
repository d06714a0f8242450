#!/usr/bin/env bash
# Builds and runs the demo on loopback; arguments pass through (`./run.sh --help`). `./run.sh engines` runs the one of the engines.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=ProgressTelemetry.Demo program=progress-demo
if [ "${1:-}" = engines ]; then
  name=ProgressTelemetry.EnginesDemo program=progress-engines
  shift
fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

command -v dotnet >/dev/null || { echo "run.sh: the .NET 10 SDK is needed (https://dot.net)" >&2; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build "$here/src/$name/$name.csproj" -c Release -v quiet >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
rm -f "$log"
exec dotnet "$here/src/$name/bin/Release/net10.0/$program.dll" "$@"
