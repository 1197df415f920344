#!/usr/bin/env bash
# Usage: tests/faults/run.sh [NAME...]   or   tests/faults/run.sh --check
# For each fault in tests/faults/NAME.patch: applies it to a scratch copy of the tree, builds, runs the experiment that
# must turn red and the unit tests that link the fault, and says which of them caught it. --check only looks whether
# each patch still applies. Ends with 1 if the claim that a patch names does not turn red.
#
# A patch begins with the lines
#   fault: what is wrong
#   claim: EXPERIMENT CLAIM      the claim that must not be as expected any more
#   tests: TARGET...             the test programs that link the fault
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/faults

field() { sed -n "s/^$2: //p;/^--- /q" "$1" | head -n 1; }

require_header() {
  local name
  for name in fault claim tests; do
    [[ -n $(field "$1" $name) ]] || { echo "$1: no line '$name: ...' before the patch" >&2; exit 4; }
  done
}

if [[ ${1:-} == --check ]]; then
  code=0
  for patch in "$here"/*.patch; do
    require_header "$patch"
    patch --dry-run --force --silent --strip 1 --directory "$root" --fuzz 0 <"$patch" >/dev/null ||
      { echo "$(basename "$patch") does not apply any more"; code=1; }
  done
  exit $code
fi

names=("$@")
if [[ ${#names[@]} -eq 0 ]]; then
  for patch in "$here"/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
for name in "${names[@]}"; do
  [[ -f $here/$name.patch ]] || { echo "there is no fault '$name' in tests/faults" >&2; exit 4; }
  require_header "$here/$name.patch"
done

scratch=$root/build/faults
source=$scratch/source
mkdir -p "$source"
# Times are kept, so that what a former run built is built no more.
(cd "$root" && tar --create --exclude=./build --exclude=./.git --exclude=./reports/latest --exclude=./reports/runs .) |
  tar --extract --directory "$source" --skip-old-files
(cd "$root" && tar --create --exclude=./build --exclude=./.git --exclude=./reports/latest --exclude=./reports/runs .) |
  tar --extract --directory "$source" --keep-newer-files 2>/dev/null
targets=$(for name in "${names[@]}"; do field "$here/$name.patch" tests; done | tr ' ' '\n' | sort --unique)
cmake -S "$source" -B "$scratch/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSDELENS_PRECOMPILE=ON --log-level=WARNING \
  ${FAULTS_CONFIGURE_FLAGS:-} >/dev/null
build() { cmake --build "$scratch/build" --target sdelens_program "$@" >"$scratch/build.log" 2>&1; }
build $targets || { tail -n 20 "$scratch/build.log"; echo "the tree without a fault does not build" >&2; exit 3; }

# The gate on one experiment: red if the claim is not as expected.
gate() {
  local experiment=$1 claim=$2
  rm -rf "$scratch/run"
  local code=0
  "$scratch/build/sdelens" run "$experiment" --tier smoke --seed 1 --progress none --out "$scratch/run" \
    >"$scratch/run.log" 2>&1 || code=$?
  if grep --quiet --fixed-strings "  $experiment / $claim: " "$scratch/run.log"; then
    echo "red"
  elif [[ $code -ne 0 ]]; then
    echo "other"
  else
    echo "green"
  fi
}

unit_tests() {
  local target
  for target in "$@"; do
    "$(find "$scratch/build/tests" -name "$target" -type f -perm -u+x | head -n 1)" --gtest_brief=1 \
      >"$scratch/tests.log" 2>&1 || { echo "red"; return; }
  done
  echo "green"
}

survivors=0
printf '%-44s %-7s %-7s %s\n' fault gate tests claim
for name in "${names[@]}"; do
  patch_file=$here/$name.patch
  read -r experiment claim <<<"$(field "$patch_file" claim)"
  tests=$(field "$patch_file" tests)
  patch --force --silent --strip 1 --directory "$source" --fuzz 0 <"$patch_file"
  if build $tests; then
    at_gate=$(gate "$experiment" "$claim")
    at_tests=$(unit_tests $tests)
  else
    at_gate=no-build at_tests=no-build
  fi
  patch --force --silent --strip 1 --reverse --directory "$source" --fuzz 0 <"$patch_file"
  [[ $at_gate == red ]] || survivors=$((survivors + 1))
  printf '%-44s %-7s %-7s %s\n' "$name" "$at_gate" "$at_tests" "$experiment $claim"
done
build $targets || true
echo "${#names[@]} faults, $survivors of which their claim does not catch"
[[ $survivors -eq 0 ]]
