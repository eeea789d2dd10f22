# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts of the lab share: TAP rows and the end of a run.

rows=0 bad=0

# FILE...: shown, cut, below a row that fails.
row() { # GOOD TITLE [FILE...]
    local title=$2 good=$1
    shift 2
    rows=$((rows + 1))
    if [ "$good" = yes ]; then
        printf 'ok %d - %s\n' "$rows" "$title"
        return
    fi
    bad=$((bad + 1))
    printf 'not ok %d - %s\n' "$rows" "$title"
    for file in "$@"; do
        [ ! -s "$file" ] || head -n 30 "$file" | cut -c 1-500 | sed 's/^/# /'
    done
}

skip() { # TITLE REASON
    rows=$((rows + 1))
    printf 'ok %d - %s # SKIP %s\n' "$rows" "$1" "$2"
}

skip_all() { # REASON
    echo "1..0 # SKIP $1"
    exit 0
}

# Does the command succeed? Its output is shown when it does not.
is() { # TITLE WORD...
    local title=$1 good=yes
    shift
    "$@" >"$work/is" 2>&1 || good=no
    row "$good" "$title" "$work/is"
}

end_rows() {
    echo "1..$rows"
    [ "$bad" = 0 ]
}
