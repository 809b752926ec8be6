# Sourced by run, build and test: finds what the project needs and installs what is missing.
# shellcheck shell=bash

say() { printf '\033[1m==>\033[0m %s\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A package and what it is for, one a line.
packages_for_building() {
  cat <<'END'
g++ the C++ compiler
cmake configures the build
ninja-build runs it
pkg-config finds libuv
libuv1-dev the event loop
libfmt-dev formats text
libcli11-dev reads the command line
libexpected-dev errors as values
libtomlplusplus-dev reads scenarios
libsimdjson-dev reads JSON
nlohmann-json3-dev writes result files
libssl-dev SHA-1 and base64 of the WebSocket handshake
zlib1g-dev compresses WebSocket messages
END
  # Debian 13 has llhttp as a library, Debian 12 its sources inside node-llhttp.
  if apt-cache show libllhttp-dev >/dev/null 2>&1; then
    echo "libllhttp-dev parses HTTP"
  else
    echo "node-llhttp parses HTTP"
  fi
  command -v node >/dev/null || echo "nodejs bundles the report's pictures and the pages, and runs the importer and the tests"
  command -v npm >/dev/null || echo "npm brings HdrHistogram's sources and the report's libraries"
}

packages_for_testing() {
  cat <<'END'
libgtest-dev the test framework
libgmock-dev its matchers
curl talks to the server as a user would
libbenchmark-dev the microbenchmarks' framework
valgrind counts their instructions
strace counts the system calls of a delivery
wrk asks for what polls do, to be compared with
libbenchmark-tools compares two results as Google Benchmark does
python3-scipy is what that needs
openssl makes certificates and tries the TLS versions
iproute2 gives a capture a network of its own
tshark captures what a run sends
zsh completes the command line
fish does so too
man-db formats the manual page
chromium a real browser talks to the server
END
  packages_for_peers nchan gorilla front-haproxy
  case " $* " in *" clang"* | *" fuzz "*) printf '%s\n' "clang the second compiler" "libclang-rt-14-dev its sanitizers" ;; esac
}

# The same for the servers and proxies named, or for those that scripts/peers starts if none is.
packages_for_peers() {
  local names=" $* "
  case $names in *" nchan "* | *" socketio "* | *" ws "* | *" gorilla "* | *" front-"*) ;; *) names=" nchan gorilla " ;; esac
  case $names in *" nchan "* | *" front-nginx"*) echo "nginx a web server; Debian also starts it on port 80" ;; esac
  case $names in *" nchan "*) echo "libnginx-mod-nchan makes a chat's server of it" ;; esac
  case $names in *" gorilla "*)
    printf '%s\n' "golang-go the Go compiler" "golang-github-gorilla-websocket-dev a WebSocket server in Go" ;;
  esac
  case $names in *" front-haproxy "*) echo "haproxy a proxy in front of our server" ;; esac
  command -v node >/dev/null || printf '%s\n' "nodejs runs the others" "npm fetches them"
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Reads lines "package why" and installs the packages that are missing.
install_packages() {
  local missing=() package why
  while read -r package why; do
    is_installed "$package" && continue
    [ ${#missing[@]} -gt 0 ] || say "Debian packages that are missing:"
    printf '      %-22s %s\n' "$package" "$why"
    missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    printf '\nInstalling them needs root. Type this, then start again:\n\n  %s\n\n' \
      "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  say "installing ${#missing[@]} packages with apt-get"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
    >build/apt.log 2>&1 || { tail -n 20 build/apt.log >&2; fail "apt-get could not install them"; }
}

check_system() {
  command -v apt-get >/dev/null ||
    fail "this set-up knows Debian 12 and 13; elsewhere install what HACKING.md lists and run cmake --preset release"
  mkdir -p build
  # A bare machine has no package lists, and without them nothing is found.
  if [ "$(id -u)" -eq 0 ] && ! apt-cache show libuv1-dev >/dev/null 2>&1; then
    say "fetching Debian's package lists"
    apt-get update -q >build/apt.log 2>&1 || { tail -n 5 build/apt.log >&2; fail "apt-get update failed"; }
  fi
}

# npm's packages: HdrHistogram's C sources and what the report's pictures are made with, and with "all"
# also what the tests use.
install_node_modules() {
  local wanted=(native-hdr-histogram @observablehq/plot esbuild) omit=(--omit=dev) package missing=
  if [ "$1" = all ]; then
    wanted+=(ws axe-core socket.io socket.io-client)
    omit=()
  fi
  for package in "${wanted[@]}"; do [ -d "node_modules/$package" ] || missing=$package; done
  [ -z "$missing" ] && [ node_modules -nt package-lock.json ] && return 0
  [ ! -L node_modules ] || fail "node_modules is a link, and npm ci would empty what it points to: fetch there"
  say "fetching npm packages (no install scripts are run)"
  npm ci --ignore-scripts --no-audit --no-fund "${omit[@]}" >build/npm.log 2>&1 ||
    { tail -n 20 build/npm.log >&2; fail "npm ci failed"; }
  touch node_modules
}

# Configures one preset; further arguments go to cmake.
configure_preset() {
  local preset=$1
  shift
  say "building ($preset)"
  cmake --preset "$preset" "$@" >"build/configure-$preset.log" 2>&1 ||
    { tail -n 20 "build/configure-$preset.log" >&2; fail "cmake could not configure $preset"; }
}

# The same, and builds it.
build_preset() {
  configure_preset "$@"
  cmake --build --preset "$1" || fail "the build of $1 failed"
}
