#!/bin/sh
# Sets up what a make target needs and says what it does: setup.sh run | develop | test | postgres | bench | foreign
# setup.sh lock writes the three lock files anew from pyproject.toml.
# System packages come by apt (Debian, Ubuntu); uv, Python and the libraries stay inside this folder.
# Once all is there it takes a fraction of a second.
set -eu
for_what=${1:-run}
cd "$(dirname "$0")"
venv=.venv
lock=requirements-dev.lock
if [ "$for_what" = foreign ]; then # the libraries of senders stay apart from what ShopWatch is tried with
  venv=.foreign
  lock=tests/foreign/requirements.lock
elif [ "$for_what" = run ] && ! grep -qs "$lock" "$venv/set-up"; then # who develops keeps the tools
  lock=requirements.lock
fi

# Trust what the machine trusts: an office network may have a certificate of its own.
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS=1

python_wanted='>=3.12,<3.14'

# What Qt's window, sound and pop-ups link to; libglib2.0-bin brings GLib under whatever name the release gives it.
packages_run='libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-bin libpulse0 libxcb-cursor0 libxcb-icccm4
  libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0
  libxcb-xkb1 libxkbcommon-x11-0'
# A whole desktop session for the tests (systemd: dunstctl asks by its busctl), a browser, the databases that owners
# have, what shows the calls of a process, and what PyInstaller reads libraries with.
browser='chromium'
if grep -qsx 'ID=ubuntu' /etc/os-release; then
  browser='chromium-browser' # a package that brings the snap
fi
packages_test="$packages_run binutils $browser dbus dbus-x11 dunst gnome-keyring imagemagick mariadb-server openbox
  postgresql stalonetray strace systemd xdotool xvfb"
# What sets clocks, and what builds what stands between a program and its disk: without them some tests are skipped.
packages_faults='gcc libc6-dev libfaketime'
# The oldest PostgreSQL that a ledger may be in, and Debian's, and a balancer; a release of the system may lack some.
packages_postgres='postgresql-15 postgresql-17 haproxy'
packages_bench="$packages_run webhook wrk"

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "$*"
  exit 1
}

install_packages() {
  command -v dpkg-query >/dev/null || return 0
  # A package may come under a name of its own, and provide the one that is asked for.
  installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package}, ${Provides}\n' | sed -n 's/^ii *//p' | tr ',\n' '  ') "
  missing=''
  for package in "$@"; do
    case $installed in
      *" $package "*) ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  say "ShopWatch needs these system packages:$missing"
  if [ "$(id -u)" -eq 0 ]; then
    root=''
  elif command -v sudo >/dev/null; then
    root='sudo'
    say 'Installing them with apt-get; sudo may ask for your password.'
  else
    stop "Please have them installed by root (apt-get install$missing), then run the same command again."
  fi
  apt="$root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
  # shellcheck disable=SC2086 # both are lists of words
  { $apt update && $apt install --no-install-recommends $missing; } >&2 </dev/null ||
    stop 'apt-get could not install them: see its words above. Mend that, then run the same command again.'
}

find_uv() {
  for uv in uv .tools/bin/uv; do
    "$uv" --version >/dev/null 2>&1 && return
  done
  say 'Fetching uv, which installs Python libraries, into .tools ...'
  # A folder of our own: nothing of the system's Python changes, so pip refuses nothing and needs no venv.
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target .tools uv >&2 ||
    stop 'uv could not be installed: is pip there (python3 -m pip --version) and the package index reachable?'
}

install_libraries() {
  state=$(cksum "$lock" pyproject.toml setup.sh)
  if [ "$(cat "$venv/set-up" 2>/dev/null)" = "$state" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    return
  fi
  find_uv
  if ! "$venv/bin/python" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' 2>/dev/null; then
    rm -rf "$venv"
    "$uv" venv --quiet --no-project --python "$python_wanted" "$venv" ||
      stop "No Python $python_wanted here, and uv could not fetch one. Install python3.13 or python3.12, then try again."
  fi
  say "Installing the libraries of $lock into $venv ..."
  { "$uv" pip sync --quiet --python "$venv/bin/python" --require-hashes "$lock" &&
    "$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .; } ||
    stop 'The libraries could not be installed: see the words above. Is the package index reachable?'
  printf '%s' "$state" >"$venv/set-up"
}

write_lock() {
  find_uv
  compile='pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-annotate --no-header
    --no-emit-index-url --no-emit-find-links pyproject.toml'
  # shellcheck disable=SC2086 # a list of words
  "$uv" $compile --group build --output-file requirements.lock
  # shellcheck disable=SC2086
  "$uv" $compile --group dev --constraint requirements.lock --output-file requirements-dev.lock
  # shellcheck disable=SC2086
  "$uv" $compile --group foreign --constraint requirements-dev.lock --output-file tests/foreign/requirements.lock
}

# PyInstaller copies the interpreter's shared library, which Debian keeps in a package of its own.
install_libpython() {
  case $(readlink -f .venv/bin/python) in
    /usr/bin/*) install_packages "lib$(basename "$(readlink -f .venv/bin/python)")" ;;
  esac
}

# shellcheck disable=SC2086 # the package lists are lists of words
case $for_what in
  run | develop) install_packages $packages_run ;;
  test | foreign)
    install_packages $packages_test
    (install_packages $packages_faults) || say 'Going on without them: some tests are skipped.'
    ;;
  postgres)
    install_packages $packages_test
    for package in $packages_postgres; do
      (install_packages "$package") || say "Going on without $package, which this release of the system does not have."
    done
    ;;
  bench) install_packages $packages_bench ;;
  lock)
    write_lock
    exit
    ;;
  *) stop 'usage: setup.sh run | develop | test | postgres | bench | foreign | lock' ;;
esac
install_libraries
[ "$for_what" != test ] || install_libpython
