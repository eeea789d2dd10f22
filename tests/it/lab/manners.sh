# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # work and root are those of doctor.sh
# How every command behaves: exit statuses, help, what it says when it is asked
# wrongly, colours. Sourced by doctor.sh, in the lab.

# An error: its exit status, one line that says why, nothing on standard output.
refuses() { # TITLE STATUS PATTERN WORD...
    local title=$1 want=$2 pattern=$3 got=0
    shift 3
    "$HOLDFAST" "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" = "$want" ] && [ ! -s "$work/out" ] &&
        head -n 1 "$work/err" | grep -qE -- "^holdfast: .*$pattern" &&
        [ "$(wc -l <"$work/err")" -le 2 ] && good=yes || good=no
    echo "exit status $got" >>"$work/err"
    row "$good" "$title: $want" "$work/err" "$work/out"
}

ends() { # TITLE STATUS WORD...
    local title=$1 want=$2 got=0
    shift 2
    "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" = "$want" ] && good=yes || good=no
    echo "exit status $got" >>"$work/err"
    row "$good" "$title: $want" "$work/err" "$work/out"
}

cp -a "$root" "$work/odd"
odd=$work/odd
mkdir -p "$work/bare/etc" "$work/folder"
echo 'no certificate' >"$work/text"

ends 'healthy' 0 "$HOLDFAST" doctor --root "$root" healthy.lab.test
ends 'findings' 1 "$HOLDFAST" doctor --root "$root" expired.lab.test
ends 'no command: the list of them' 2 "$HOLDFAST"
is 'which is printed' grep -q '^usage: holdfast COMMAND' "$work/out"
ends '--version' 0 "$HOLDFAST" --version

refuses 'an unknown command' 2 "did you mean 'holdfast doctor'" doctr
refuses 'an unknown command of a group' 2 "did you mean 'holdfast roots check'" \
    roots chek
refuses 'nothing like any command' 2 'no command' xyzzy
refuses 'an unknown option' 2 "did you mean '--json'" doctor --jsn
refuses 'an option without its value' 2 "'--root' wants a value" doctor --root
refuses 'a number out of range' 2 "'0' is not a number" doctor --parallel 0
refuses 'a word that is not listed' 2 "'sometimes' is not" doctor \
    --color=sometimes
refuses 'a time that is none' 2 "'soon' is not a time" doctor --at soon
refuses 'a product that is none' 2 "did you mean 'cylance'" doctor cylanse
refuses 'no product named' 2 'name a PRODUCT' roots check
refuses 'a product that is none, to check' 2 "no product is called 'nosuch'" \
    roots check nosuch
refuses 'a port that is none' 2 'no port' doctor host:99999
refuses 'a cause that is none' 2 "did you mean 'expired'" explain expird
refuses 'a kind of store that is none' 2 "unknown store 'rom:x'" doctor \
    --store rom:x
refuses 'hosts, and not to be looked at' 2 'exclude each other' doctor \
    --offline a.test:1

refuses 'a root that is not there' 3 "'$work/nowhere'" doctor \
    --root "$work/nowhere"
refuses 'a root that is a file' 3 "'$work/text'" doctor --root "$work/text"
refuses 'a root without a store' 3 "'$work/bare'" doctor --root "$work/bare"
refuses 'a store that is not there' 3 "'$work/nowhere'" doctor \
    --store "pem:$work/nowhere"
refuses 'hosts of a file that is not there' 3 'No such file' doctor \
    --hosts "$work/nowhere"
refuses 'hosts of a folder' 3 "'$work/folder' is a folder" doctor \
    --hosts "$work/folder"
refuses 'a certificate that is not there' 3 'No such file' roots add \
    --root "$root" "$work/nowhere"
refuses 'a certificate that is a folder' 3 'is a folder' roots add \
    --root "$root" "$work/folder"
refuses 'a certificate that is none' 3 'offset 0: no certificate' roots add \
    --root "$root" "$work/text"
refuses 'a product file that is not there' 3 'No such file' product lint \
    "$work/nowhere"
for what in check fix; do
    refuses "roots $what: a root that is not there" 3 "'$work/nowhere'" \
        roots "$what" cylance --root "$work/nowhere"
done
printf '%s\n' expired.lab.test host:0 >"$work/hosts.txt"
refuses 'hosts of a file with a bad line' 2 'line 2' doctor \
    --hosts "$work/hosts.txt"
echo 'name: [1' >"$odd/etc/holdfast/products/broken.yaml"
refuses 'a broken product file' 3 'broken.yaml:[12]' doctor --root "$odd" \
    healthy.lab.test
rm "$odd/etc/holdfast/products/broken.yaml"

# --- every command's help ----------------------------------------------------

commands=('' doctor roots 'roots list' 'roots find' 'roots check' 'roots fix'
    'roots add' 'roots remove' 'roots undo' product 'product list'
    'product show' 'product lint' explain completion)
for name in "${commands[@]}"; do
    read -ra words <<<"$name"
    "$HOLDFAST" "${words[@]}" --help >"$work/out" 2>"$work/err" &&
        grep -q "^usage: holdfast${name:+ $name}" "$work/out" &&
        [ ! -s "$work/err" ] && ! grep -q $'\033' "$work/out" && good=yes ||
        good=no
    row "$good" "holdfast ${name:+$name }--help" "$work/out" "$work/err"
done

# --- colours -----------------------------------------------------------------

coloured() {
    grep -qE $'\033\[[0-9;]*m' "$work/out"
}
terminal() { # WORD...
    script -qec "$(printf '%q ' "$@")" /dev/null >"$work/out" 2>"$work/err" \
        </dev/null
}
ask=("$HOLDFAST" doctor --root "$root" expired.lab.test)

"${ask[@]}" --color=always >"$work/out" 2>"$work/err"
is '--color=always: colours in a pipe' coloured
if command -v script >/dev/null; then
    TERM=xterm terminal "${ask[@]}"
    is 'colours on a terminal' coloured
    TERM=xterm NO_COLOR=1 terminal "${ask[@]}"
    coloured && good=no || good=yes
    row "$good" 'NO_COLOR: none' "$work/out"
    TERM=xterm terminal "${ask[@]}" --color=never
    coloured && good=no || good=yes
    row "$good" '--color=never: none' "$work/out"
    TERM=xterm NO_COLOR=1 terminal "${ask[@]}" --color=always
    is '--color=always is stronger than NO_COLOR' coloured
else
    skip 'colours on a terminal' 'script is not installed'
fi

# --- stores that cannot be read ----------------------------------------------

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if "${nobody[@]}" "$HOLDFAST" --version >"$work/out" 2>"$work/err"; then
    chmod 600 "$odd/etc/ssl/certs/ca-certificates.crt"
    ends 'a store nobody may read' 3 "${nobody[@]}" "$HOLDFAST" doctor \
        --root "$odd" --json
    jq -e '.result == "incomplete" and [.findings[].cause] == ["ca-file"] and
        .stores[0].status == "unreadable" and
        (.stores[0].reason | test("[Pp]ermission denied"))' "$work/out" \
        >"$work/is" 2>&1 && good=yes || good=no
    row "$good" 'its finding and the reason' "$work/out" "$work/err"
    ends 'and root is told that others cannot' 1 "$HOLDFAST" doctor \
        --root "$odd" --json
    jq -e '[.findings[].code] == ["HF1104"]' "$work/out" >"$work/is" 2>&1 &&
        good=yes || good=no
    row "$good" 'with its own code' "$work/out" "$work/err"
    chmod 644 "$odd/etc/ssl/certs/ca-certificates.crt"
    picture "$odd" times >"$work/before"
    ends '--fix without the right to' 3 "${nobody[@]}" "$HOLDFAST" doctor \
        --root "$odd" --fix root-missing.lab.test
    is 'says which file' grep -q "$odd/" "$work/err"
    is 'and still what was found' grep -q 'root-missing' "$work/out"
    picture "$odd" times >"$work/after"
    is 'and touches nothing' diff "$work/before" "$work/after"
else
    skip 'a store nobody may read' 'cannot become another user'
fi
