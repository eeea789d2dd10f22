#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All stores of a machine listed, against reading and hashing their bytes and
# the bare open of each format's library: at most twice the time.
set -uo pipefail

program=build/holdfast
command -v certutil >/dev/null || {
    echo 'stores: certutil of NSS is not installed (scripts/deps bench)' >&2
    exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/state"

add() { # STORE FILE: everything in it, whatever it is
    "$program" roots add "$2" --store "$1" --root "$work" --force \
        >"$work/log" 2>&1 || { cat "$work/log" >&2 && exit 1; }
}

# What a well-used workstation has: bundles, keystores, profiles; beside them a
# Windows disk with its registry and its policy.
awk '/BEGIN CERT/ {n++} n <= 30' /etc/ssl/certs/ca-certificates.crt >"$work/some.pem"
cp /etc/ssl/certs/ca-certificates.crt "$work/all.pem"
stores=("pem:$work/all.pem")
: >"$work/cacerts"
add "java:$work/cacerts" "$work/all.pem"
stores+=("java:$work/cacerts")
for i in 1 2 3; do
    mkdir "$work/profile$i"
    certutil -N -d "sql:$work/profile$i" --empty-password
    add "nss:$work/profile$i" "$work/some.pem"
    stores+=("nss:$work/profile$i")
done
build/tests/make_hive "$work/SOFTWARE"
class='[HKEY_LOCAL_MACHINE\SOFTWARE\Classes'
{
    printf 'Windows Registry Editor Version 5.00\n\n%s]\n\n' "$class"
    for i in $(seq 60); do
        printf '%s\\Class%d]\n@="class %d"\n\n' "$class" "$i" "$i"
        for k in $(seq 60); do
            printf '%s\\Class%d\\Item%d]\n@="item %d of class %d"\n\n' \
                "$class" "$i" "$k" "$k" "$i"
        done
    done
} >"$work/classes.reg"
hivexregedit --merge --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' "$work/SOFTWARE" \
    "$work/classes.reg"
add "hive:$work/SOFTWARE" "$work/all.pem"
stores+=("hive:$work/SOFTWARE")
"$program" roots export "pem:$work/some.pem" --format pol --out "$work/Registry.pol" \
    >"$work/log"
"$program" roots export "pem:$work/some.pem" --format sst --out "$work/some.sst" \
    >"$work/log"
"$program" roots export "pem:$work/all.pem" --format reg --out "$work/machine.reg" \
    >"$work/log"
stores+=("pol:$work/Registry.pol" "sst:$work/some.sst" "reg:$work/machine.reg")

bench/ratio --bound 2 --ok 0 stores "$program roots list ${stores[*]}" \
    "build/bench/stores_bench ${stores[*]}"
