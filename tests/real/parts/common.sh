# What the parts share; each sources it. A part is one real system: a script here that says
#
#   begin NAME FILE…    FILEs pin it, by versions and hashes; $home is now an empty directory
#   …                   fill $home
#   finish
#
# and takes no argument, or --where. Everything is kept outside the repository, under
# ${COLONY_TEST_CACHE:-${XDG_CACHE_HOME:-~/.cache}/colony-tests}, in a directory named for the
# part, its version and the hash of its pins: what was installed once is not installed again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[1]}")/.." && pwd)
part=$(basename "${BASH_SOURCE[1]}")
where=${1:-}
cache=${COLONY_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/colony-tests}
started=$SECONDS

say() { echo "tests/real/install: $part: $*, $((SECONDS - started)) s" >&2; }

fail() {
  echo "tests/real/install: $part: $*" >&2
  exit 1
}

needs() { # PROGRAM WHY
  command -v "$1" >/dev/null || fail "$1 is not on PATH; $2"
}

begin() { # NAME FILE…: go on only if it is not installed yet
  local name=$1
  shift
  home=$cache/$name-$(cat "$@" | sha256sum | cut -c1-12)
  if [ "$where" = --where ]; then
    echo "$home"
    [ -e "$home/complete" ] || exit 1
    exit 0
  fi
  mkdir -p "$cache"
  exec 9>"$cache/$part.lock"
  flock 9 # two runs at once would do everything twice
  if [ -e "$home/complete" ]; then
    echo "$home"
    exit 0
  fi
  rm -rf "$home" && mkdir -p "$home"
}

packages() { # DIRECTORY: install what its package-lock.json pins into $home/node_modules
  needs npm "it comes with Node 20 or newer"
  cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" "$home/"
  say "downloading packages"
  # No package's own script is run.
  (cd "$home" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
}

pinned() { # DIRECTORY PACKAGE: the version that its package.json pins
  sed -n "s|^ *\"$2\": \"\([0-9.]*\)\",\{0,1\}\$|\1|p" "$1/package.json"
}

finish() {
  touch "$home/complete"
  say "done"
  echo "$home"
}
