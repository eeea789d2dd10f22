#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every --json output is what docs/schema/ says: nothing missing, nothing more.
set -uo pipefail

schemas=$HF_SOURCE/docs/schema
check=$HF_SOURCE/tests/it/schema_check.py
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
rows=0 bad=0

row() { # GOOD TITLE
    rows=$((rows + 1))
    if [ "$1" = yes ]; then
        printf 'ok %d - %s\n' "$rows" "$2"
    else
        bad=$((bad + 1))
        printf 'not ok %d - %s\n' "$rows" "$2"
        head -n 20 "$work/faults" | sed 's/^/# /'
    fi
}

# The output of a command fits its schema, and its "result" its exit status.
fits() { # NAME TITLE ARGUMENT...
    local name=$1 title=$2 status=0 good=no want
    shift 2
    "$HOLDFAST" "$@" --json >"$work/out" 2>"$work/err" || status=$?
    if python3 "$check" "$schemas" "$name" <"$work/out" >"$work/faults"; then
        want=$(jq -r '{healthy: "0", findings: "1", incomplete: "3"}[.result]' \
            "$work/out")
        [ "$want" = "$status" ] && good=yes ||
            printf 'exit status %s, result asks for %s\n' "$status" "$want" \
                >"$work/faults"
    else
        cat "$work/err" >>"$work/faults"
    fi
    row "$good" "$name: $title"
}

# The last output with a change no longer fits: the schema does look.
refuses() { # NAME JQ-FILTER TITLE
    local good=no
    jq "$2" "$work/out" >"$work/changed"
    python3 "$check" "$schemas" "$1" <"$work/changed" >"$work/faults" ||
        good=yes
    row "$good" "$1 refuses $3"
}

# A Debian system of two certificates, one damaged entry behind them.
make_root() {
    local certs=$work/root/etc/ssl/certs
    mkdir -p "$certs" "$work/root/usr/share/ca-certificates/mozilla" \
        "$work/root/usr/local/share/ca-certificates"
    for name in digicert-global-root-ca isrg-root-x1; do
        cp "$HF_SOURCE/data/roots/$name.pem" \
            "$work/root/usr/share/ca-certificates/mozilla/$name.crt"
        echo "mozilla/$name.crt"
    done >"$work/root/etc/ca-certificates.conf"
    cat "$work"/root/usr/share/ca-certificates/mozilla/*.crt \
        >"$certs/ca-certificates.crt"
}

# A TLS server on a free port of the loopback; sets `port`.
start_server() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout "$work/key" \
        -out "$work/cert" 2>"$work/err"
    openssl s_server -accept 127.0.0.1:0 -key "$work/key" -cert "$work/cert" \
        >"$work/server" 2>&1 </dev/null &
    server=$!
    for _ in $(seq 50); do
        port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/server")
        [ -z "$port" ] || return 0
        sleep 0.1
    done
    port=1
}

if ! python3 -c 'import jsonschema' 2>/dev/null; then
    echo '1..0 # SKIP python3-jsonschema is not installed: scripts/deps check'
    exit 0
fi
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
make_root
start_server
root=$work/root

python3 "$check" "$schemas" --self >"$work/faults" && good=yes || good=no
row "$good" "the schemas are schemas"

fits explain "a code and a cause" explain HF1203 root-missing
fits explain "all of them" explain
jq -r '.causes[].cause' "$work/out" | sort >"$work/causes"
jq -r '."$defs".cause.enum[]' "$schemas/common.schema.json" | sort |
    diff - "$work/causes" >"$work/faults" && good=yes || good=no
row "$good" "common: its causes are those of the program"
refuses explain '.surprise = 1' "a member it does not know"
refuses explain 'del(.notes)' "an envelope without notes"
refuses explain '.codes[0].cause = "gremlins"' "a cause that is not listed"

fits roots-list "a sound store" roots list --root "$root"
refuses roots-list '.certificates[0].sha256 = "00"' "a short hash"
refuses roots-list 'del(.stores[0].status)' "a store without a status"
fits roots-find "by name" roots find --root "$root" "ISRG Root X1"
fits roots-find "nothing" roots find --root "$root" "No Such Root"
fits roots-check "missing roots" roots check cylance --root "$root"
refuses roots-check '.findings[0].severity = "note"' "a note as a finding"
refuses roots-check 'del(.products[0].needs[0].state)' "a need without state"
fits roots-fix "a dry run" roots fix cylance --root "$root" --dry-run \
    --log-dir "$work/log"
fits roots-fix "for good" roots fix cylance --root "$root" \
    --log-dir "$work/log"
fits roots-fix "a second time" roots fix cylance --root "$root" \
    --log-dir "$work/log"
fits roots-undo "what fix did" roots undo --root "$root"
fits roots-undo "nothing left" roots undo --root "$root"
fits roots-add "a certificate" roots add --root "$root" "$work/cert"
fits roots-remove "the same" roots remove --root "$root" \
    "$(openssl x509 -in "$work/cert" -noout -fingerprint -sha256 |
        sed 's/.*=//; s/://g')"

fits product-list "all" product list
fits product-show "one" product show cylance
printf 'name: x\nbogus: [1\n' >"$work/bad.yaml"
fits product-lint "a file with faults" product lint "$work/bad.yaml"

fits doctor "the machine" doctor --root "$root"
fits doctor "a self-signed server" doctor --root "$root" "localhost:$port"
refuses doctor 'del(.hosts[0].chain)' "a host without a chain"
refuses doctor '.hosts[0].faults[0].fault = "tired"' "a fault it does not know"
fits doctor "a closed port and a product" doctor cylance --root "$root" \
    127.0.0.1:1

printf 'damaged\n' >>"$root/etc/ssl/certs/ca-certificates.crt"
printf -- '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' \
    >>"$root/etc/ssl/certs/ca-certificates.crt"
fits roots-list "a damaged store" roots list --root "$root"

echo "1..$rows"
[ "$bad" = 0 ]
