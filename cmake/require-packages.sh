#!/usr/bin/env bash
# Usage: cmake/require-packages.sh SET...   with SET one of: build plots bench lint format thread
# Installs those Debian packages of the sets that dpkg does not know; as root, or by sudo without a password.
# Otherwise prints the one line to run and ends with 1.
set -euo pipefail

declare -A packages=(
  [build]="g++ cmake ninja-build libboost-dev libeigen3-dev libfmt-dev nlohmann-json3-dev libxsimd-dev
           libcli11-dev libtomlplusplus-dev librandom123-dev patch libre2-dev libgtest-dev libgmock-dev libbenchmark-dev"
  [plots]="gnuplot-nox"
  [bench]="clang"
  [format]="clang-format git"
  [lint]="clang-tidy clang python3"
  [thread]="clang"
)

missing=()
for set in "$@"; do
  [[ -n ${packages[$set]+known} ]] || { echo "$0: no set '$set', but: ${!packages[*]}" >&2; exit 4; }
  for package in ${packages[$set]}; do
    if ! command -v dpkg-query >/dev/null; then
      missing+=("$package")
    elif [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      missing+=("$package")
    fi
  done
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "This is not a Debian system. Going on; CMake says what it misses of: ${missing[*]}" >&2
  exit 0
fi
install=(apt-get install --yes --no-install-recommends "${missing[@]}")
if [[ $(id -u) -eq 0 ]]; then
  as_root=()
elif command -v sudo >/dev/null && sudo --non-interactive true 2>/dev/null; then
  as_root=(sudo --non-interactive)
else
  echo "Missing packages. Run this line, then the same command again:" >&2
  echo "  sudo apt-get update && sudo ${install[*]}" >&2
  exit 1
fi
echo "Installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update --quiet=2
"${as_root[@]}" "${install[@]}" --quiet=2 >/dev/null
