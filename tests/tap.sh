# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # work, status: the caller's own
# What the test scripts share: TAP rows, namespaces, pictures of folders.

rows=0 failed=0
shown=() # files shown below a row that fails and names none

# FILE...: shown, cut, below a row that fails.
row() { # GOOD TITLE [FILE...]
    local title=$2 good=$1
    shift 2
    [ $# -gt 0 ] || set -- "${shown[@]}"
    rows=$((rows + 1))
    if [ "$good" = yes ]; then
        printf 'ok %d - %s\n' "$rows" "$title"
        return
    fi
    failed=$((failed + 1))
    printf 'not ok %d - %s\n' "$rows" "$title"
    for file in "$@"; do
        [ ! -s "$file" ] || head -n 30 "$file" | cut -c 1-500 | sed 's/^/# /'
    done
}

# The same by an exit status.
ok() { # STATUS TITLE
    local good=no
    [ "$1" -ne 0 ] || good=yes
    row "$good" "$2"
}

skip() { # TITLE REASON
    rows=$((rows + 1))
    printf 'ok %d - %s # SKIP %s\n' "$rows" "$1" "$2"
}

skip_all() { # REASON
    echo "1..0 # SKIP $1"
    exit 0
}

# Runs the calling script again in a network, mount and process namespace of
# its own: what it starts and mounts ends with it.
enter() { # WORD...
    local own=(--net --mount --pid --fork --kill-child --mount-proc)
    [ -z "${INSIDE:-}" ] || return 0
    [ "$(id -u)" = 0 ] || own+=(--map-root-user)
    unshare "${own[@]}" true 2>/dev/null ||
        skip_all 'no namespaces of our own here'
    INSIDE=1 exec unshare "${own[@]}" bash "$0" "$@"
}

# Does the command succeed? Its output is shown when it does not.
is() { # TITLE WORD...
    local title=$1 good=yes
    shift
    "$@" >"$work/is" 2>&1 || good=no
    row "$good" "$title" "$work/is"
}

# Of scripts that run the program with its output in "$work/out", its complaints
# in "$work/err" and its exit status in "$status":

# Does the last answer, as JSON, satisfy the filter?
told() { # TITLE FILTER
    local good=no
    [ "$(jq -r "$2" "$work/out" 2>>"$work/err")" = true ] && good=yes
    row "$good" "$1"
}

# Did it end so?
ended() { # STATUS TITLE
    local good=no
    [ "$status" = "$1" ] && good=yes
    row "$good" "$2: exit status $1"
}

end_rows() {
    echo "1..$rows"
    [ "$failed" = 0 ]
}

# All that is in a folder: names, kinds, modes, link targets, contents; with
# "times" also when each was changed. What Holdfast keeps for itself aside.
picture() { # FOLDER [times]
    local format='%P %y %m %l\n'
    [ "${2:-}" != times ] || format='%P %y %m %l %T@\n'
    (
        cd "$1" || exit 3
        find . -path ./var/lib/holdfast -prune -o -printf "$format" | sort
        find . -path ./var/lib/holdfast -prune -o -type f -print0 | sort -z |
            xargs -0 sha256sum
    )
}
