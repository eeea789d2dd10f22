#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# it/crash.sh - SIGKILL between any two system calls of a change.
#
# What a killed program leaves can differ only where a call changed files, so
# it is killed on entering each such call, one run a call. After each kill
#   a  the bundle is the old one or the new one, byte for byte
#   b  a reader that looked all the time never saw anything else
#   c  the next run finishes or takes back, even when it is killed itself
#   d  undo brings back the whole tree, byte for byte
# Without SOAK=1 the recovery and the real program's `roots fix` are killed at
# some of their calls only.
set -u
export LC_ALL=C

helper=$HF_BUILD/tests/store_change
roots=$HF_SOURCE/data/roots
# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"

if ! strace -o /dev/null true 2>/dev/null; then
    echo "1..0 # SKIP no strace, or it may not trace: nothing was killed"
    exit 0
fi

base=${TMPDIR:-/tmp}
[ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && base=/dev/shm # many fsync(2)
work=$(mktemp -d "$base/hf-crash-XXXXXX") || exit 1
watcher=
finish() {
    [ -n "$watcher" ] && kill "$watcher" 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT

root=$work/root
bundle=$root/etc/ssl/certs/ca-certificates.crt
state=$root/var/lib/holdfast

make_tree() {
    local name
    mkdir -p "$root/etc/ssl/certs" "$state" \
        "$root/usr/share/ca-certificates/mozilla" "$root/usr/local/share"
    for name in digicert-global-root-ca starfield-class2-ca isrg-root-x1 \
        amazon-root-ca-1 globalsign-root-r3; do
        cp "$roots/$name.pem" "$root/usr/share/ca-certificates/mozilla/$name.crt"
        echo "mozilla/$name.crt" >>"$root/etc/ca-certificates.conf"
        ln -s "/usr/share/ca-certificates/mozilla/$name.crt" \
            "$root/etc/ssl/certs/$name.pem"
        cat "$roots/$name.pem" >>"$bundle"
    done
    chmod 644 "$bundle"
}

# The tree but for the state folder, as text: names, modes, targets, contents.
picture() {
    (cd "$root" && find . -path ./var/lib/holdfast -prune -o -printf \
        '%p %y %m %l\n' | sort &&
        find . -path ./var/lib/holdfast -prune -o -type f -print0 | sort -z |
        xargs -0 cat)
}

# Which calls of "$@" change files? One a line: NAME OCCURRENCE, where the
# occurrence counts all calls of that name, as strace's "when" does.
changing='openat,open,creat,write,pwrite64,fsync,fdatasync,rename,renameat,'
changing+='renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,'
changing+='mkdirat,rmdir,ftruncate,fchmod,chmod,fchmodat,fchown,chown,'
changing+='lsetxattr,flock'
calls_of() {
    strace -f -qq -o "$work/trace" -e "trace=?${changing//,/,?}" -e signal=none \
        "$@" >/dev/null 2>&1
    awk '{
            sub(/^[0-9]+ +/, ""); name = $0; sub(/\(.*/, "", name)
            n[name]++
            if (name ~ /^open/ && $0 !~ /O_CREAT/) next
            if (name == "write" && $0 ~ /^write\(1,/) next
            print name, n[name]
        }' "$work/trace"
}

# kill_at NAME OCCURRENCE COMMAND...: true when it was killed there
kill_at() {
    local name=$1 nth=$2
    shift 2
    # strace dies as its child did; the shell's word about that goes nowhere
    {
        strace -f -qq -o /dev/null -e "trace=$name" \
            -e "inject=$name:signal=KILL:when=$nth" "$@"
        [ $? -eq 137 ]
    } >/dev/null 2>&1
}

is_old_or_new() {
    cmp -s "$bundle" "$work/old" || cmp -s "$bundle" "$work/new"
}

no_leftovers() {
    [ ! -e "$state/pending" ] &&
        [ -z "$(find "$root" -name '.holdfast-*' -print -quit)" ]
}

start_watch() {
    rm -f "$work/stop"
    "$helper" watch "$bundle" "$work/old" "$work/new" "$work/stop" \
        >"$work/watched" 2>&1 &
    watcher=$!
}

end_watch() { # NAME
    touch "$work/stop"
    wait "$watcher"
    ok $? "$1: a reader saw only whole bundles ($(cat "$work/watched"))"
    watcher=
}

# After a kill: everything that must hold. Prints what does not.
check_after() { # WHERE COMMAND...
    local where=$1
    shift
    is_old_or_new || echo "$where: the bundle is neither old nor new"
    if ! "$helper" recover "$root" >"$work/said" 2>&1; then
        echo "$where: recovery failed: $(cat "$work/said")"
    fi
    is_old_or_new || echo "$where: after recovery neither old nor new"
    no_leftovers || echo "$where: recovery left something behind"
    "$@" >"$work/said" 2>&1 || echo "$where: next run: $(cat "$work/said")"
    cmp -s "$bundle" "$work/new" || echo "$where: the next run did not finish"
    "$helper" undo "$root" >"$work/said" 2>&1 ||
        echo "$where: undo: $(cat "$work/said")"
    picture | cmp -s - "$work/picture" || echo "$where: undo left a trace"
}

# Kills COMMAND at every STEPth of its calls.
sweep() { # NAME STEP COMMAND...
    local name=$1 step=$2 call nth bad="" kills=0 i=0
    shift 2
    start_watch
    while read -r call nth; do
        i=$((i + 1))
        [ $((i % step)) -eq 0 ] || continue
        if kill_at "$call" "$nth" "$@"; then
            kills=$((kills + 1))
        else
            bad+="$call $nth: was not killed"$'\n'
        fi
        bad+=$(check_after "$call $nth" "${again[@]}")
    done <"$work/calls"
    end_watch "$name"
    [ -z "$bad" ] || sed 's/^/# /' <<<"$bad"
    [ -z "$bad" ] && [ "$kills" -gt 0 ]
    ok $? "$name: killed at $kills of $i calls that change files"
}

# Leaves the tree as a run killed at its Kth call does, then kills the recovery
# at each of ITS calls.
sweep_recovery() { # NAME STEP COMMAND...
    local name=$1 step=$2 call nth inner inner_nth bad="" kills=0 i=0
    shift 2
    cp "$work/calls" "$work/outer"
    start_watch
    while read -r call nth; do
        i=$((i + 1))
        [ $((i % step)) -eq 0 ] || continue
        kill_at "$call" "$nth" "$@"
        rm -rf "$work/kept"
        cp -a "$root" "$work/kept"
        calls_of "$helper" recover "$root" >"$work/inner"
        "$helper" undo "$root" >/dev/null 2>&1
        while read -r inner inner_nth; do
            put_back
            kill_at "$inner" "$inner_nth" "$helper" recover "$root" &&
                kills=$((kills + 1))
            bad+=$(check_after "$call $nth, then $inner $inner_nth" \
                "${again[@]}")
        done <"$work/inner"
    done <"$work/outer"
    end_watch "$name"
    [ -z "$bad" ] || sed 's/^/# /' <<<"$bad"
    [ -z "$bad" ] && [ "$kills" -gt 0 ]
    ok $? "$name: killed at $kills calls"
}

# The kept tree into place without a moment in which the bundle is missing.
put_back() {
    rm -rf "$state"
    cp -a "$work/kept/var/lib/holdfast" "$state"
    find "$root" -path "$state" -prune -o -name '.holdfast-*' -exec rm {} +
    (cd "$work/kept" && find . -path ./var/lib/holdfast -prune -o \
        ! -type d -print) | while read -r path; do
        mkdir -p "$root/${path%/*}"
        cp -a "$work/kept/$path" "$work/one" && mv -T "$work/one" "$root/$path"
    done
    (cd "$root" && find . -path ./var/lib/holdfast -prune -o ! -type d -print) |
        while read -r path; do
            [ -e "$work/kept/$path" ] || [ -L "$work/kept/$path" ] ||
                rm "$root/$path"
        done
}

make_tree
picture >"$work/picture"
cp "$bundle" "$work/old"
cat "$roots/geotrust-global-ca.pem" "$roots/thawte-primary-root-ca.pem" \
    >"$work/add.pem"
"$helper" recover "$root" >/dev/null
again=("$helper" add "$root" "$work/add.pem")
"${again[@]}" >/dev/null && cp "$bundle" "$work/new" &&
    ! cmp -s "$work/old" "$work/new" && "$helper" undo "$root" >/dev/null &&
    picture | cmp -s - "$work/picture"
ok $? "add and undo, nothing killed"

calls_of "${again[@]}" >"$work/calls"
"$helper" undo "$root" >/dev/null
sweep "add" 1 "${again[@]}"

step=23
[ -n "${SOAK:-}" ] && step=1
sweep_recovery "recovery" "$step" "${again[@]}"

# Undo, killed: the tree is the changed one or the old one in the end.
"${again[@]}" >/dev/null
calls_of "$helper" undo "$root" >"$work/calls"
start_watch
bad="" kills=0
while read -r call nth; do
    "${again[@]}" >/dev/null
    kill_at "$call" "$nth" "$helper" undo "$root" && kills=$((kills + 1))
    is_old_or_new || bad+="$call $nth: neither old nor new"$'\n'
    "$helper" undo "$root" >"$work/said" 2>&1 ||
        bad+="$call $nth: $(cat "$work/said")"$'\n'
    no_leftovers || bad+="$call $nth: something is left behind"$'\n'
    picture | cmp -s - "$work/picture" || bad+="$call $nth: a trace"$'\n'
done <"$work/calls"
end_watch "undo"
[ -z "$bad" ] || sed 's/^/# /' <<<"$bad"
[ -z "$bad" ] && [ "$kills" -gt 0 ]
ok $? "undo: killed at each of $kills calls, the next undo completes it"

# The real program: a product's five roots, three of them not there.
fix=("$HOLDFAST" roots fix cylance --root "$root" --include-distrusted
    --log-dir "$work/log")
again=("${fix[@]}")
"${fix[@]}" >"$work/said" 2>&1 && cp "$bundle" "$work/new"
status=$?
[ "$status" -eq 0 ] || sed 's/^/# /' "$work/said"
"$helper" undo "$root" >/dev/null
ok "$status" "roots fix"
if [ "$status" -eq 0 ]; then
    step=9
    [ -n "${SOAK:-}" ] && step=1
    calls_of "${fix[@]}" >"$work/calls"
    "$helper" undo "$root" >/dev/null
    sweep "roots fix" "$step" "${fix[@]}"
fi

# Two change sets at once: one waits for nobody and says so.
(
    flock 9
    "$helper" add "$root" "$work/add.pem" 2>&1
) 9<"$state/lock" | grep -q 'another run'
ok $? "a second run at the same time is told"

end_rows
