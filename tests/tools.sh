#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The checks of tools/ and scripts/ refuse what they are there to refuse.
set -uo pipefail

tools=$HF_SOURCE/tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
shown=("$work/out")

# The command succeeds (0) or fails (1), and says TEXT.
expect() { # STATUS TEXT TITLE COMMAND...
    local want=$1 text=$2 title=$3 status=0 good=no
    shift 3
    "$@" >"$work/out" 2>&1 || status=$?
    if [ "$status" = "$want" ] &&
        { [ -z "$text" ] || grep -qF -- "$text" "$work/out"; }; then
        good=yes
    fi
    row "$good" "$title"
}

spdx='/* SPDX-License-Identifier: Apache-2.0 */'

# A small tree that is as it should be.
fresh() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/src/low" "$work/tree/src/high" "$work/tree/tools"
    printf 'low:\nhigh: low\n<stdlib.h: high\n' >"$work/tree/tools/layers.txt"
    printf 'ban gets( # no bound\nban exit( src/high/ # ends it all\nban // # style\n' \
        >"$work/tree/tools/banned.txt"
    printf '%s\n/* low/a.h - a. */\n' "$spdx" >"$work/tree/src/low/a.h"
    printf '%s\n/* high/b.c - b. */\n#include "low/a.h"\n#include <stdlib.h>\n' \
        "$spdx" >"$work/tree/src/high/b.c"
}

add() { # FILE TEXT
    printf '%s\n' "$2" >>"$work/tree/$1"
}

check() { # TOOL STATUS TEXT TITLE
    expect "$2" "$3" "$1: $4" "$tools/$1" "$work/tree"
}

layers() {
    fresh
    check check-layers 0 '2 files' 'a good tree'
    add src/low/a.h '#include "high/b.h"'
    check check-layers 1 'low may not include high' 'upwards'
    fresh
    add src/high/b.c '#include "a.h"'
    check check-layers 1 'does not name its layer' 'no layer named'
    mkdir "$work/tree/tests"
    touch "$work/tree/tests/a.h"
    check check-layers 1 'does not name its layer' 'a header of tests/'
    mv "$work/tree/src/high/b.c" "$work/tree/src/high/b_test.c"
    check check-layers 0 '2 files' 'a header of tests/ in a test'
    fresh
    add src/high/b.c '#include "other/x.h"'
    check check-layers 1 "'other' is not a layer" 'an unknown layer included'
    fresh
    add src/high/b.c '#include "low/x.h"'
    check check-layers 1 '"low/x.h" does not exist' 'no such header'
    fresh
    add src/low/a.h ' #  include <stdlib.h>'
    check check-layers 1 'low may not include <stdlib.h>' 'a library'
    fresh
    mkdir "$work/tree/src/other"
    add src/other/c.c '/* */'
    check check-layers 1 "'other' is not a layer" 'an unknown folder'
    fresh
    printf 'low: high\nhigh: low\n' >"$work/tree/tools/layers.txt"
    check check-layers 1 'is not a layer further up' 'a cycle in the list'
    rm -r "$work/tree/src"
    check check-layers 1 'no C files' 'an empty tree'
}

banned() {
    fresh
    check check-banned 0 '2 files' 'a good tree'
    add src/low/a.h 'x = gets (line);'
    check check-banned 1 "'gets(' is banned" 'a banned call'
    fresh
    add src/low/a.h 'x = fgets(line); p->gets(1); /* gets( */ "gets(";'
    check check-banned 0 '2 files' 'longer names, comments and strings'
    fresh
    add src/high/b.c 'exit(1);'
    check check-banned 0 '2 files' 'a folder where it is fine'
    add src/low/a.h 'exit(1);'
    check check-banned 1 'a.h:3' 'a folder where it is not'
    fresh
    add src/low/a.h 'int a; // why'
    check check-banned 1 "'//' is banned" 'a comment of another language'
    fresh
    add src/low/a.h 'gets(x); "http://a"; /* // */'
    add tools/banned.txt 'allow src/low/a.h gets( # tested elsewhere'
    check check-banned 0 '2 files' 'an exception'
    fresh
    add tools/banned.txt 'allow src/low/a.h gets( # tested elsewhere'
    check check-banned 1 'nothing needs this' 'an exception without use'
    fresh
    add tools/banned.txt 'ban system('
    check check-banned 1 'no reason' 'a ban without reason'
}

# A function of so many lines.
long_function() {
    printf '\nint f(int a)\n{\n'
    yes '    a++;' | head -n "$1"
    printf '}\n'
}

sizes() {
    fresh
    check check-sizes 0 '2 files, 0 functions' 'a good tree'
    add src/high/b.c "$(long_function 60)"
    check check-sizes 0 '1 functions' 'a function of 60 lines'
    fresh
    add src/high/b.c "$(long_function 59 | sed 's/^{$/{\n    static const int row[] = {\n        1,\n        2,\n    };/')"
    check check-sizes 0 '1 functions' 'a table inside a function'
    fresh
    add src/high/b.c "$(long_function 61 | sed 's/^{$/{\n    static const int row[] = {\n        1,\n    };/')"
    check check-sizes 1 'a function of 61 lines' 'too long besides its table'
    fresh
    add src/high/b.c "$(long_function 61)"
    check check-sizes 1 'a function of 61 lines' 'a function of 61 lines'
    fresh
    add src/high/b.c $'\nint f(int a, int b, int c, int (*d)(int, int),\n      int e, int f)\n{\n}'
    check check-sizes 0 '1 functions' 'six parameters'
    fresh
    add src/high/b.c $'\nint f(int a, int b, int c, int d,\n      int e, int f, int g)\n{\n}'
    check check-sizes 1 '7 parameters' 'seven parameters'
    fresh
    add src/high/b.c $'\nint f(int a, int b, int c, int d, int e, int f,\n      struct hf_err *err)\n{\n}'
    check check-sizes 0 '1 functions' 'six parameters and err'
    fresh
    add src/high/b.c $'\n/* sizes: the type of a callback. */\nint f(int a, int b, int c, int d,\n      int e, int f, int g)\n{\n}'
    check check-sizes 0 '0 functions' 'seven parameters and the reason'
    fresh
    add src/high/b.c "$(yes '' | head -n 800; echo 'int a;')"
    check check-sizes 1 'at most 800' 'a long file'
    fresh
    add src/low/a.h "$(yes '' | head -n 200; echo 'int a;')"
    check check-sizes 1 'at most 200' 'a long header'
    fresh
    printf '/* low/a.h - a. */\n' >"$work/tree/src/low/a.h"
    check check-sizes 1 'does not open with' 'no licence'
    printf '%s\n/* a.h: a. */\n' "$spdx" >"$work/tree/src/low/a.h"
    check check-sizes 1 "does not say '/* low/a.h - " 'no subject'
}

# A meson test log of one test with this output.
test_log() { # RESULT STATUS OUTPUT
    printf '{"name": "t", "result": "%s", "returncode": %d, "stdout": "%s"}\n' \
        "$1" "$2" "$3" >"$work/log.json"
}

rows_are() { # WANT TITLE
    local good=no
    [ "$(cat "$work/rows")" = "$1" ] && good=yes
    row "$good" "count-tests: $2"
}

counting() {
    local count=("$tools/count-tests" "$work/log.json" "$work/rows")
    test_log OK 0 'ok 1 - a\nok 2 - b # SKIP why\n1..2\n'
    expect 0 '' 'count-tests: all well' "${count[@]}"
    rows_are '1 0 1' 'a row and one left out'
    test_log FAIL 1 'ok 1 - a\nnot ok 2 - b\n# why\nok 3 - c\n'
    expect 1 '# why' 'count-tests: a failed row is shown' "${count[@]}"
    rows_are '2 1 0' 'a failed row'
    test_log ERROR -11 'ok 1 - a\n'
    expect 1 'exit status -11' 'count-tests: a crash is shown' "${count[@]}"
    rows_are '1 1 0' 'a crash after a good row'
    : >"$work/log.json"
    expect 1 'no test ran' 'count-tests: nothing ran' "${count[@]}"
    rows_are '0 1 0' 'nothing ran'
}

# scripts/deps with another system around it.
fake() { # NAME TEXT
    printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

packages() {
    local deps=(env PATH="$work/bin:$PATH" "$work/tree/scripts/deps")
    fresh
    mkdir -p "$work/bin" "$work/tree/scripts"
    cp "$HF_SOURCE/scripts/deps" "$work/tree/scripts/"
    touch -d @0 "$work/tree/meson.build"
    fake id 'echo 0'
    fake install 'exit 0'
    fake apt-get "echo \"\$@\" >>'$work/asked'"
    # shellcheck disable=SC2016 # for the fake to expand
    fake dpkg-query 'shift 2; for p; do echo "installed $p"; done'
    expect 0 '' 'deps: nothing is missing' "${deps[@]}" check
    expect 1 '' 'deps: and nothing is asked for' test -e "$work/asked"
    # shellcheck disable=SC2016
    fake dpkg-query 'shift 2; for p; do [ $p = meson ] || echo "installed $p"; done; exit 1'
    expect 0 'installing meson' 'deps: one is missing' "${deps[@]}" run
    expect 0 '--no-install-recommends -y meson' 'deps: only it is asked for' \
        cat "$work/asked"
    expect 0 '' 'deps: and the next build configures again' \
        test "$work/tree/meson.build" -nt "$work/tree/scripts/deps"
    fake apt-get 'echo no network; exit 100'
    expect 1 'no network' 'deps: apt-get fails' "${deps[@]}" run
    expect 2 'usage:' 'deps: no such tier' "${deps[@]}" everything
}

# Test files that stand in no meson.build are never run. A script that another
# one of its folder uses is no test by itself.
registered() {
    local file name forgotten=
    while IFS= read -r file; do
        name=${file##*/}
        case $name in
        *_fuzz.c) name=${name%_fuzz.c} ;;
        *.sh) name=${name%.sh} ;;
        *_test.c) name=${name%_test.c} ;;
        esac
        [ "${file##*.}" = sh ] &&
            grep -qF "/$name.sh" tests/it/*.sh --exclude="$name.sh" && continue
        grep -qE "'([a-z0-9-]+/)*([a-z0-9]+-)?$name(_test\\.c|\\.sh)?'" \
            "$(dirname "$file")/meson.build" "$(dirname "$file")/../meson.build" \
            2>/dev/null || forgotten+="$file "
    done < <(cd "$HF_SOURCE" && find src tests fuzz -name '*_test.c' -o \
        -name '*_fuzz.c' -o -path 'tests/it/*.sh' ! -path 'tests/it/*/*')
    printf '%s\n' "$forgotten" >"$work/out"
    row "$([ -z "$forgotten" ] && echo yes)" 'every test file is in a meson.build'
}

cd "$HF_SOURCE" || exit 3
registered
layers
banned
sizes
counting
packages
end_rows
