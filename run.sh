#!/usr/bin/env bash
# Builds and runs the demo on loopback; arguments pass through (`./run.sh --help`).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project="$here/src/ProgressTelemetry.Demo/ProgressTelemetry.Demo.csproj"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

command -v dotnet >/dev/null || { echo "run.sh: the .NET 10 SDK is needed (https://dot.net)" >&2; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build "$project" -c Release -v quiet >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
rm -f "$log"
exec dotnet "$here/src/ProgressTelemetry.Demo/bin/Release/net10.0/progress-demo.dll" "$@"
