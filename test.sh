#!/usr/bin/env bash
# Installs what the tests need (only what is missing, only where apt-get and the right to use it are there),
# builds without warnings, runs all tests, and ends with the line "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

need=()
command -v prometheus >/dev/null && command -v promtool >/dev/null || need+=(prometheus)
command -v prometheus-alertmanager >/dev/null && command -v amtool >/dev/null || need+=(prometheus-alertmanager)
command -v chromium >/dev/null || need+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need+=(postgresql)
command -v clang >/dev/null || command -v gcc >/dev/null || need+=(gcc libc6-dev)   # links what is published natively
if [ ${#need[@]} -gt 0 ]; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing: ${need[*]}"
    log=$(mktemp)
    if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${need[@]}"; } >"$log" 2>&1; then
      tail -n 20 "$log" >&2
    fi
    rm -f "$log"
  else
    echo "missing: ${need[*]} (tests that need them are skipped; 'sudo apt-get install ${need[*]}' brings them)"
  fi
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

if ! dotnet build ProgressTelemetry.sln -c Release -v quiet -warnaserror; then
  echo "the build failed"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

status=0
dotnet test ProgressTelemetry.sln -c Release --no-build -v quiet \
  --logger "console;verbosity=minimal" --logger trx --results-directory "$results" || status=$?

# What was skipped, aloud; then the sums over all test projects.
shopt -s nullglob
trx=("$results"/*.trx)
if [ ${#trx[@]} -eq 0 ]; then
  echo "no test ran"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi
grep -ho 'testName="[^"]*"[^>]*outcome="NotExecuted"' "${trx[@]}" | sed 's/testName="\([^"]*\)".*/skipped: \1/' | sort
sum() { grep -ho "<Counters [^>]*" "${trx[@]}" | grep -o "[ ]$1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{n += $1} END {print n + 0}'; }
total=$(sum total) passed=$(sum passed) failed=$(sum failed)
skipped=$((total - passed - failed))
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
