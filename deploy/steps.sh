# What ./demo and ./check share: a line that says where they are, logs for the rest. Sourced by bash with
# `set -euo pipefail`, in the repository's root.
#   install_packages SECTION...        the sections of deploy/packages.txt
#   configure PRESET [OPTION...]       into build/PRESET
#   build_target PRESET [TARGET...]    the preset's default without targets
#   run_quietly NAME WHAT COMMAND...   output into build/logs/NAME.log, shown only when the command fails
#   say TEXT..., took_since SECOND     a line; "2m05s"

logs=build/logs
mkdir -p "$logs"

say() { printf '%s\n' "$*"; }

took_since() {
  local seconds=$((SECONDS - $1))
  if ((seconds < 60)); then printf '%ds' "$seconds"; else printf '%dm%02ds' $((seconds / 60)) $((seconds % 60)); fi
}

# The first error of a build, else the end of the log.
show_failure() { # WHAT LOG
  say
  say "$1 failed; the log is $2. Its part that matters:"
  if grep -qn '^FAILED: ' "$2"; then
    grep -A 40 -m 1 '^FAILED: ' "$2" | grep -v 'cmake -E env' | cut -c 1-300
  else
    tail -n 40 "$2" | cut -c 1-300
  fi
}

run_quietly() { # NAME WHAT COMMAND...
  local log=$logs/$1.log what=$2 start=$SECONDS
  shift 2
  printf '%s ...' "$what"
  if "$@" >"$log" 2>&1; then
    say " done ($(took_since "$start"))"
  else
    local status=$?
    say " failed"
    show_failure "$what" "$log" >&2
    return "$status"
  fi
}

install_packages() { run_quietly packages "packages ($*)" deploy/install_packages.sh "$@"; }

configure() { # PRESET [OPTION...]
  run_quietly "configure-$1" "configuring $1" cmake --preset "$@"
}

# Reads ninja's output: all of it into the log, its counter onto one line (a line every tenth without a terminal).
follow_build() { # WHAT LOG
  local line shown=-1 percent counter='^\[([0-9]+)/([0-9]+)\] '
  : >"$2"
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$2"
    [[ $line =~ $counter && $line != *Re-* ]] || continue # the build file's own renewal is no progress
    percent=$((100 * BASH_REMATCH[1] / BASH_REMATCH[2]))
    if [ -t 1 ]; then
      printf '\r%s %3d%% (%s of %s) ' "$1" "$percent" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    elif ((percent / 10 > shown)); then
      shown=$((percent / 10))
      say "$1 $percent% (${BASH_REMATCH[1]} of ${BASH_REMATCH[2]})"
    fi
  done
  if [ -t 1 ]; then printf '\r\033[K'; fi
}

build_target() { # PRESET [TARGET...]
  local preset=$1 start=$SECONDS status=0
  shift
  local log=$logs/build-$preset.log what="building $preset${*:+: $*}"
  NINJA_STATUS='[%f/%t] ' cmake --build --preset "$preset" -j "$(nproc)" ${1:+--target "$@"} 2>&1 |
    follow_build "$what" "$log" || status=$?
  if ((status != 0)); then
    show_failure "$what" "$log" >&2
    return "$status"
  fi
  say "$what done ($(took_since "$start"))"
}
