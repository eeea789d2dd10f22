#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every --json output is what docs/schema/ says: nothing missing, nothing more.
set -uo pipefail

schemas=$HF_SOURCE/docs/schema
work=$(mktemp -d)
root=$work/root
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
shown=("$work/faults")

# What the checker says next goes to "faults"; is it nothing?
checked() {
    local line
    : >"$work/faults"
    while IFS= read -r line <&"${checker[0]}"; do
        [ "$line" != . ] || break
        printf '%s\n' "$line" >>"$work/faults"
    done
    [ "$line" = . ] && [ ! -s "$work/faults" ]
}

check() { # NAME FILE
    printf '%s %s\n' "$1" "$2" >&"${checker[1]}"
    checked
}

# The output of a command fits its schema, and its "result" its exit status.
fits() { # NAME TITLE ARGUMENT...
    local name=$1 title=$2 status=0 good=no want
    shift 2
    "$HOLDFAST" "$@" --json >"$work/out" 2>"$work/err" || status=$?
    if check "$name" "$work/out"; then
        want=$(jq -r '{healthy: "0", findings: "1", incomplete: "3"}[.result]' \
            "$work/out")
        if [ "$want" = "$status" ]; then
            good=yes
        else
            printf 'exit status %s, result asks for %s\n' "$status" "$want" \
                >"$work/faults"
        fi
    else
        cat "$work/err" >>"$work/faults"
    fi
    row "$good" "$name: $title"
}

# One thing more about the last output.
says() { # JQ-FILTER TITLE
    local good=no
    jq -c "$1" "$work/out" >"$work/faults" 2>&1
    if [ "$(tail -n 1 "$work/faults")" = true ]; then
        good=yes
    else
        jq -c . "$work/out" >>"$work/faults" 2>&1
    fi
    row "$good" "$2"
}

# The last output with a change no longer fits: the schema does look.
refuses() { # NAME JQ-FILTER TITLE
    local good=no
    jq "$2" "$work/out" >"$work/changed"
    check "$1" "$work/changed" || good=yes
    row "$good" "$1 refuses $3"
}

# A command that could not look or was refused says so twice: on standard error
# for people, as an envelope with "error" for programs.
fails() { # STATUS CODE TITLE ARGUMENT...
    local want=$1 code=$2 title=$3 status=0 good=no
    shift 3
    "$HOLDFAST" "$@" --json >"$work/out" 2>"$work/err" || status=$?
    if check error "$work/out" && [ "$status" = "$want" ] &&
        [ "$(jq -r .error.code "$work/out")" = "$code" ] &&
        [ "holdfast: $(jq -r .error.text "$work/out")" = "$(cat "$work/err")" ]; then
        good=yes
    fi
    { cat "$work/out" "$work/err" && echo "status $status"; } >>"$work/faults"
    row "$good" "an error, exit status $want: $title"
}

# A command that was asked wrongly says so to people alone.
silent() { # STATUS TITLE ARGUMENT...
    local want=$1 title=$2 status=0 good=no
    shift 2
    "$HOLDFAST" "$@" --json >"$work/out" 2>"$work/err" || status=$?
    { cat "$work/out" "$work/err" && echo "status $status"; } >"$work/faults"
    [ "$status" = "$want" ] && [ ! -s "$work/out" ] && [ -s "$work/err" ] &&
        good=yes
    row "$good" "no JSON, exit status $want: $title"
}

# A root, an authority below it that servers forget to send, and a server.
make_pki() {
    local days='-days 30' ca=basicConstraints=critical,CA:TRUE
    cd "$work" || exit 3
    # shellcheck disable=SC2086 # $days is two words
    {
        openssl req -x509 -newkey rsa:2048 -nodes $days -keyout root.key \
            -out root.pem -subj '/O=Schema Lab/CN=Schema Root' -addext "$ca"
        openssl req -x509 -newkey rsa:2048 -nodes $days -keyout key -out cert \
            -subj /CN=localhost -addext subjectAltName=DNS:localhost
        openssl req -new -key key -subj /CN=localhost -out leaf.csr
        openssl x509 -req -in leaf.csr -CA root.pem -CAkey root.key $days \
            -CAcreateserial -out leaf.pem -extfile <(
                echo 'subjectAltName=DNS:localhost,IP:127.0.0.1'
                echo 'extendedKeyUsage=serverAuth'
            )
    } 2>"$work/err"
    cd / || exit 3
}

# A Debian system of two certificates, and a product of our own.
make_root() {
    local certs=$root/etc/ssl/certs
    mkdir -p "$certs" "$root/usr/share/ca-certificates/mozilla" \
        "$root/usr/local/share/ca-certificates" "$root/etc/holdfast/products"
    for name in digicert-global-root-ca isrg-root-x1; do
        cp "$HF_SOURCE/data/roots/$name.pem" \
            "$root/usr/share/ca-certificates/mozilla/$name.crt"
        echo "mozilla/$name.crt"
    done >"$root/etc/ca-certificates.conf"
    cat "$root"/usr/share/ca-certificates/mozilla/*.crt \
        >"$certs/ca-certificates.crt"
    {
        printf 'name: Schema Agent\nsource: this test\nconfidence: measured\n'
        printf 'hosts: ["127.0.0.1:%s"]\ntls_min: "1.2"\n' "$port"
        printf 'certificates:\n  - name: Schema Root\n    purpose: [tls]\n'
        printf '    sha256: %s\n    pem: |\n' "$(sha256 "$work/root.pem")"
        sed 's/^/      /' "$work/root.pem"
        printf '  - name: Known by SHA-1 only\n    get_from: nowhere\n'
        printf '    sha1: %040d\n' 7
    } >"$root/etc/holdfast/products/schema.yaml"
}

sha256() { # FILE
    openssl x509 -in "$1" -outform der | sha256sum | cut -d ' ' -f 1
}

# A TLS server on a free port of the loopback; sets `port`.
start_server() { # CERTIFICATE
    openssl s_server -accept 127.0.0.1:0 -www -key "$work/key" -cert "$1" \
        >"$work/server" 2>&1 </dev/null &
    servers+=($!)
    for _ in $(seq 100); do
        port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/server" 2>/dev/null)
        [ -z "$port" ] || return 0
        sleep 0.1
    done
    echo "Bail out! openssl s_server does not start"
    exit 1
}

if ! python3 -c 'import jsonschema' 2>/dev/null; then
    echo '1..0 # SKIP python3-jsonschema is not installed: scripts/deps check'
    exit 0
fi
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
make_pki
start_server "$work/cert"
selfsigned=localhost:$port
start_server "$work/leaf.pem"
make_root

coproc checker { python3 "$HF_SOURCE/tests/it/schema_check.py" "$schemas"; }
checked && good=yes || good=no
row "$good" "the schemas are schemas"

fits explain "a code and a cause" explain HF1203 root-missing
fits explain "all of them" explain
jq -r '.causes[].cause' "$work/out" | sort >"$work/causes"
jq -r '."$defs".cause.enum[]' "$schemas/common.schema.json" | sort |
    diff - "$work/causes" >"$work/faults"
[ -s "$work/faults" ] && good=no || good=yes
row "$good" "common: its causes are those of the program"
refuses explain '.surprise = 1' "a member it does not know"
refuses explain 'del(.notes)' "an envelope without notes"
refuses explain '.codes[0].cause = "gremlins"' "a cause that is not listed"

fits roots-list "a sound store" roots list --root "$root"
refuses roots-list '.certificates[0].sha256 = "00"' "a short hash"
refuses roots-list 'del(.stores[0].status)' "a store without a status"
fits roots-list "a PEM file" roots list --store "pem:$work/root.pem"
fits roots-find "by name" roots find --root "$root" "ISRG Root X1"
fits roots-find "not here, but built in" roots find --root "$root" GeoTrust
says '.known | length > 0' "what is built in is told"
fits roots-find "nothing" roots find --root "$root" "No Such Root"

fits roots-check "missing roots" roots check cylance schema --root "$root"
says '[.findings[].cause] | index("root-missing") != null' "a root is missing"
refuses roots-check '.findings[0].severity = "note"' "a note as a finding"
refuses roots-check 'del(.products[0].needs[0].state)' "a need without state"
fix=(roots fix cylance schema trellix-ens --root "$root" --log-dir "$work/log")
fits roots-fix "a dry run" "${fix[@]}" --dry-run
says '.log == null and .dry_run' "nothing is logged"
fits roots-fix "for good" "${fix[@]}"
says '(.installed | length > 0) and (.refused | length > 0) and
    (.unavailable | length > 0)' "each list of it has a member"
refuses roots-fix 'del(.refused[0].not_after)' "a certificate without its end"
refuses roots-fix '.installed[0].subject = 7' "a subject that is none"
cp "$work/log/EasyFixofSysCerts.json" "$work/out"
check roots-fix "$work/out" && good=yes || good=no
row "$good" "roots-fix: the summary in the log folder"
fits roots-fix "a second time" "${fix[@]}"
says '.installed == []' "nothing is left to install"
fits roots-undo "what fix did" roots undo --root "$root"
says '.undo == "bytes" and .count > 0' "byte for byte"
says '.change.command == "roots fix" and .added == [] and
    (.removed | length) == .count' "which change, and what it had added"
refuses roots-undo 'del(.removed[0].store)' "a certificate without its store"
fits roots-undo "nothing left" roots undo --root "$root"
says '.undo == "nothing" and .change == null' "nothing to undo is healthy"

fits roots-add "a dry run" roots add --root "$root" --dry-run "$work/root.pem"
says '.added | length == 1' "what would be added"
# one that the system has, one that it has not
cat "$HF_SOURCE/data/roots/isrg-root-x1.pem" "$work/root.pem" >"$work/two.pem"
fits roots-add "two" roots add --root "$root" "$work/two.pem"
says '.stores[0].status == "touched"' "the store was touched"
says '(.certificates | length) == 2 and
    ([.added[] | [.name, .store]] == [["Schema Root", "system"]])' \
    "only one was added"
fits roots-add "once more" roots add --root "$root" "$work/two.pem"
says '.stores[0].status == "unchanged" and .added == []' \
    "the store was not touched"
fits roots-remove "the same" roots remove --root "$root" \
    "$(sha256 "$work/root.pem")"
says '[.removed[] | [.name, .store]] == [["Schema Root", "system"]]' \
    "what was removed, and where"
fits roots-undo "that" roots undo --root "$root"
says '.change.command == "roots remove" and .removed == [] and
    ([.added[].name] == ["Schema Root"])' "it is added again"
fits roots-remove "again" roots remove --root "$root" "Schema Root"

# a PKCS#12 behind a password
openssl pkcs12 -export -nokeys -in "$work/root.pem" -passout pass:sesame \
    -out "$work/root.p12" 2>"$work/faults"
printf 'sesame\n' >"$work/right"
printf 'simsim\n' >"$work/wrong"
password() { # STATUS TEXT TITLE [OPTION...]
    local want=$1 text=$2 title=$3 status=0 good=no
    shift 3
    "$HOLDFAST" roots add --root "$root" "$work/root.p12" "$@" \
        >"$work/faults" 2>&1 || status=$?
    [ "$status" = "$want" ] && grep -q "$text" "$work/faults" && good=yes
    grep -q 'sesame\|simsim' "$work/faults" && good=no
    row "$good" "PKCS#12: $title"
}
password 3 'password-file' 'without a password it says what to give'
password 3 'does not open' 'a wrong password' --password-file "$work/wrong"
password 3 'password-file' 'no such file' --password-file "$work/none"
password 0 'touched' 'the right password' --password-file "$work/right"
fits roots-undo "the PKCS#12" roots undo --root "$root"
says '[.removed[].name] == ["Schema Root"]' "it was the certificate in it"
fits roots-remove "what is not there" roots remove --root "$root" nothing
says '.removed == []' "nothing was removed"

fits product-list "all" product list --root "$root"
refuses product-list 'del(.products[0].certificates[0].subject)' \
    "a certificate without a subject"
fits product-show "two" product show cylance schema --root "$root"
says '.products[1].certificates[0].subject == "CN=Schema Root, O=Schema Lab"' \
    "a body in the product's file is read"
says '.products[1].certificates[1] | .subject == null and .sha256 == null' \
    "without a body, what is unknown is null"
printf 'name: x\nbogus: [1]\nhosts: [a b]\n' >"$work/bad.yaml"
fits product-lint "a file with faults" product lint "$work/bad.yaml"
says '.problems | length >= 2' "each fault is told"
fits product-lint "a sound file" product lint \
    "$root/etc/holdfast/products/schema.yaml"

fits doctor "the machine" doctor --root "$root"
says '.products | length > 9' "alone, it tells of every product"
fits doctor "a self-signed server" doctor --root "$root" "$selfsigned"
says '.hosts[0].causes == ["self-signed"]' "self-signed is its cause"
refuses doctor 'del(.hosts[0].chain)' "a host without a chain"
refuses doctor '.hosts[0].faults[0].fault = "tired"' "a fault it does not know"
fits doctor "a closed port" doctor --root "$root" 127.0.0.1:1
says '.hosts[0] | .status == "closed" and .chain == [] and .served == []' \
    "a closed port has no chain"
HTTPS_PROXY=http://127.0.0.1:1 fits doctor "a proxy that is not there" \
    doctor --root "$root" far.example:443
fits doctor "offline" doctor schema --offline --root "$root"
fits doctor "a product and its server" doctor schema --root "$root"
says '[.hosts[].causes[]] == ["root-missing"]' "the server's root is missing"
fits doctor "a fix" doctor schema --fix --root "$root"
says '.installed[0].subject == "CN=Schema Root, O=Schema Lab"' "what it installed"
says '[.repaired[].cause] | index("root-missing") != null' "what it repaired"
says '.hosts[0].trusted' "the server is trusted now"
fits doctor "a fix with nothing to do" doctor schema --fix --root "$root"
says '.installed == [] and .repaired == []' "nothing was repaired"

# --- stores of other kinds ---------------------------------------------------

# the other stores of the test, in folders that nobody looks into by himself
mkdir -p "$root/srv"
if command -v keytool >/dev/null; then
    keytool -importcert -noprompt -alias schema -file "$work/root.pem" \
        -keystore "$root/srv/trust.jks" -storetype JKS -storepass changeit \
        2>"$work/err"
else # without the attribute that makes it trusted
    openssl pkcs12 -export -nokeys -in "$work/root.pem" -name schema \
        -passout pass:changeit -out "$root/srv/trust.jks" 2>"$work/err"
fi
java=java:$root/srv/trust.jks
fits roots-list "a Java keystore, named without an option" roots list "$java"
says '.stores[0].stack == "Java" and .certificates[0].label == "schema"' \
    "whose it is, and the alias"
refuses roots-list '.certificates[0].standing = "proud"' "a standing of its own"
refuses roots-list 'del(.stores[0].stack)' "a store without a stack"
fits roots-list "a keystore with a password" roots list "java:$work/root.p12" \
    --store-password-file "$work/right"
says '.stores[0].certificates == 1' "opened by the file"
fits roots-list "without the password" roots list "java:$work/root.p12" \
    </dev/null
says '.result == "incomplete" and (.stores[0] | .status == "unreadable" and
    (has("certificates") | not))' "a locked store is told"
fits roots-list "the roots built into NSS" roots list nss:builtin
says '.certificates | any(.purposes) and any(.standing == "refused")' \
    "purposes, and what is refused"

for format in p7b sst reg pol tsv pem; do
    file=$root/srv/cylance.$format
    fits roots-export "$format" roots export cylance --format "$format" \
        --out "$file"
    says '(.certificates | length == 2) and (.left_out | length == 3)' \
        "what is in it, and what is not"
done
refuses roots-export '.left_out = 3' "a count of what is left out"
fits roots-export "a store, certificate by certificate" roots export "$java" \
    --format der --out "$root/srv"
says '.format == "der" and (.certificates | length == 1)' "one file is written"
silent 2 "an export that would be mixed with its JSON" roots export cylance

for kind in sst reg pol; do
    fits roots-list "what export wrote as $kind" roots list \
        "$kind:$root/srv/cylance.$kind"
    says '[.certificates[].standing] == ["anchor", "anchor"]' "two anchors"
done
says '.certificates[0].place == "policy ROOT"' "and the part they are in"
refuses roots-list 'del(.certificates[0].where)' "an entry that is nowhere"
fits roots-check "a registry" roots check cylance \
    --store "reg:$root/srv/cylance.reg"

diff=(roots diff "pem:$work/root.pem")
fits roots-diff "two files" "${diff[@]}" "pem:$work/two.pem"
says '.same == 1 and .only_first == [] and
    [.only_second[].name] == ["ISRG Root X1"]' "what the second holds alone"
refuses roots-diff 'del(.only_second[0].store)' "an entry without its store"
fits roots-diff "a file and itself" "${diff[@]}" "pem:$work/root.pem"
says '.result == "healthy" and .same == 1' "no difference is healthy"
cp "$root/srv/cylance.reg" "$root/srv/refused.reg"
fits roots-add "a root to be refused" roots add "$work/root.pem" \
    --root "$root" --store "reg:$root/srv/refused.reg#Disallowed"
fits roots-diff "trusted here, refused there" "${diff[@]}" \
    "reg:$root/srv/refused.reg"
says '[.different[0].entries[] | [.standing, .place]] ==
    [["anchor", null], ["refused", "Disallowed"]]' "both sides of it"
refuses roots-diff 'del(.different[0].entries[0])' "a difference of one"
fits roots-diff "a store that is damaged" "${diff[@]}" "reg:$work/root.pem"
says '.result == "incomplete"' "half a comparison is none"

fits roots-audit "a root of the house" roots audit "pem:$work/root.pem" \
    --expiring 90d
says '.marked[0].marks == ["expiring", "unknown"] and
    (.list.sequence | length > 0)' "what is said of it, and by which list"
refuses roots-audit '.marked[0].marks[0] = "odd"' "a mark it does not know"
refuses roots-audit 'del(.list)' "an audit by no list"
fits roots-audit "a public root" roots audit \
    "pem:$HF_SOURCE/data/roots/isrg-root-x1.pem"
says '.result == "healthy" and .marked == []' "nothing against it"
fits roots-audit "the machine" roots audit --root "$root"

cp "$work/two.pem" "$root/srv/app.pem"
sync=(roots sync "$work/root.pem" --root "$root" --store "pem:$root/srv/app.pem")
fits roots-sync "a dry run" "${sync[@]}" --dry-run
says '.dry_run and [.removed[].name] == ["ISRG Root X1"]' "what would go"
fails 4 guard "a sync that nobody agreed to" "${sync[@]}" </dev/null
fits roots-sync "for good" "${sync[@]}" --yes
says '.stores[0].status == "touched" and .added == [] and
    [.removed[].name] == ["ISRG Root X1"]' "what went"
refuses roots-sync 'del(.without_body)' "a sync without the lacking bodies"
fits roots-sync "once more" "${sync[@]}" --yes
says '.stores[0].status == "unchanged" and .removed == []' "nothing is left"
fits roots-undo "the sync" roots undo --root "$root"
says '.change.command == "roots sync"' "it was the sync"
: >"$work/empty.pem"
fails 4 guard "a source that trusts nothing" roots sync "$work/empty.pem" --yes \
    --root "$root" --store "pem:$root/srv/app.pem"

# A Windows whose root updates are off, and that lacks a root.
printf '%s\r\n' 'Windows Registry Editor Version 5.00' '' \
    '[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\SystemCertificates\AuthRoot]' \
    '"DisableRootAutoUpdate"=dword:00000001' '' \
    '[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\AuthRoot\AutoUpdate]' \
    '"RootDirUrl"="http://pki.example/ctl"' \
    '"LastSyncTime"=hex:00,00,05,69,36,c0,d5,01' >"$root/srv/windows.reg"
windows=(doctor cylance --offline --root "$root"
    --store "reg:$root/srv/windows.reg")
fits doctor "a Windows without root updates" "${windows[@]}" \
    --reg "$root/srv/repair.reg"
says '.root_update | .enabled == false and .disallowed_enabled and
    .root_dir_url == "http://pki.example/ctl" and
    .last_sync == "2020-01-01T00:00:00Z"' "what it is told, and when it looked"
says '[.findings[].code] == ["HF1111"]' "the policy is the one cause"
refuses doctor 'del(.root_update.last_sync)' "an update without its last look"
refuses doctor '.root_update.mood = "off"' "more about the update"
fits roots-list "the repair" roots list "reg:$root/srv/repair.reg"
says '.certificates | length == 2' "the roots are in it"
fits doctor "the same repaired" "${windows[@]}" --fix
says '.settings_repaired == 1 and .root_update.enabled and
    (.installed | length == 2)' "the setting and the roots"
fits roots-undo "the repair of a Windows" roots undo --root "$root"
says '.undo == "bytes" and (.removed | length == 2)' "all of it is taken back"
"$HF_BUILD/tests/make_hive" "$root/srv/SOFTWARE"
fits roots-list "an empty hive" roots list "hive:$root/srv/SOFTWARE"
truncate -s 6000 "$root/srv/SOFTWARE"
fits roots-list "a hive that is cut" roots list "hive:$root/srv/SOFTWARE"
says '.stores[0].incomplete and .findings[0].code == "HF1113"' \
    "it is called incomplete"

# Microsoft's list is not ours to bring along.
list=${HOLDFAST_CONFORMANCE_DATA:-/none}/authroot/authrootstl-2025-06-16.cab
if [ -f "$list" ]; then
    fits roots-list "Microsoft's list" roots list "ctl:$list"
    says '(.certificates | length == 514) and (.stores[0] |
        .without_body + .certificates == 514 and
        (.list.signer | test("^Microsoft")))' "every entry, and who signed it"
    says '[.certificates[].list_entry] | any(has("disallowed_for")) or
        (any(.disallowed) and any(.not_before_for))' "what restricts them"
    refuses roots-list 'del(.certificates[0].list_entry.name)' \
        "a row without a name"
    fits roots-check "the list" roots check cylance --store "ctl:$list"
    fits roots-export "the list as a table" roots export "ctl:$list" \
        --format tsv --out "$root/srv/list.tsv"
    fits roots-diff "a file and the list" "${diff[@]}" "ctl:$list"
    fits roots-audit "by the list" roots audit "pem:$work/root.pem" \
        --ctl "$list"
    fits roots-share "a folder" roots share "$root/srv/share" --ctl "$list" \
        --root "$root"
    says '.entries == 514 and (.without_body | length > 400) and .written > 1' \
        "what was written, and what has no body"
    refuses roots-share 'del(.list.signer)' "a list that nobody signed"
    fits roots-share "the same again" roots share "$root/srv/share" \
        --ctl "$list" --root "$root"
    says '.written == 0 and .unchanged > 1' "nothing is written twice"
    silent 2 "a list of roots as what is disallowed" roots share \
        "$root/srv/other" --ctl "$list" --disallowed "$list" --root "$root"
    is "it is not put there" test ! -e "$root/srv/other/disallowedcertstl.cab"
    fits roots-sync "the folder" roots sync "$root/srv/share" --dry-run \
        --root "$root" --store "pem:$root/srv/app.pem"
    says '(.without_body | length > 100) and (.added | length > 5)' \
        "what would come, and what has no body"
else
    skip "Microsoft's list, as a store and as a share" \
        "no authroot in HOLDFAST_CONFORMANCE_DATA"
fi

printf -- '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' \
    >>"$root/etc/ssl/certs/ca-certificates.crt"
fits roots-list "a damaged store" roots list --root "$root"
says '.stores[0].damaged == 1' "the damage is counted"
fits doctor "a damaged store" doctor --root "$root"

silent 2 "an option that is none" doctor --no-such-option
silent 2 "a product that is none" roots check no-such-product
silent 2 "a code that is none, after one that is" explain HF1203 HF9999
fails 3 absent "a root without a store" roots list --root "$work/log"
refuses error '.error.code = "gremlins"' "a code it does not know"
refuses error 'del(.error)' "an envelope without the error"
fails 3 absent "a store that is not there" roots list \
    --store "pem:$work/none.pem"
fails 3 absent "a folder that is not there" roots check cylance \
    --store "pem:$work/none/"
fails 3 absent "a file that is not there" roots add --root "$root" \
    "$work/none.pem"
fails 4 guard "a server's certificate as a root" roots add --root "$root" \
    "$work/leaf.pem"

# Into a pipe that nobody reads any more.
python3 - "$HOLDFAST" roots list --root "$root" --json 2>"$work/faults" <<'PYTHON'
import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
sys.exit(subprocess.run(sys.argv[1:], stdout=writer).returncode)
PYTHON
[ $? = 3 ] && [ ! -s "$work/faults" ] && good=yes || good=no
row "$good" "a reader that has left is no complaint, and exit status 3"

end_rows
