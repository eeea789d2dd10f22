#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Microsoft's own signed lists at work: listed, refused when changed, shared,
# synced from a folder and from a web server, and a machine that goes by an old
# one.
set -uo pipefail

# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
lists=${HOLDFAST_CONFORMANCE_DATA:-}/authroot
new=$lists/authroot-2025-06-16.stl
old=$lists/authroot-2020-09-03.stl
cab=$lists/authrootstl-2025-06-16.cab
for file in "$new" "$old" "$cab"; do
    [ -e "$file" ] || skip_all 'the trust lists are not here'
done
for tool in jq python3 hivexregedit cabextract; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
enter "$@"

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shown=("$work/out" "$work/err")
ip link set lo up

hf() { # ARGUMENT...
    status=0
    "$HOLDFAST" "$@" >"$work/out" 2>"$work/err" || status=$?
}

# --- listed --------------------------------------------------------------------

hf roots list "ctl:$new" --json
ended 0 'a list is listed'
told '514 entries' '.certificates | length == 514'
told 'its number, its day, who signed it' \
    '.stores[0].list | .sequence == "1401dbdee7f1a4f449" and
        (.date | startswith("2025-06-16")) and (.signer | test("Microsoft"))'
told 'a root disallowed and cut off' \
    '.certificates[] | select(.sha1 == "02faf3e291435468607857694df5e45b68851868"
            or .list_entry.sha1 == "02faf3e291435468607857694df5e45b68851868") |
        .standing == "refused" and (.list_entry.disallowed | startswith("2023-02-01"))
        and (.list_entry.not_before | startswith("2021-04-01"))'
told 'a date that was cleared is not 1601' \
    '.certificates[] | select(.list_entry.sha1 == "4eb6d578499b1ccf5f581ead56be3d9b6744a5e5") |
        .standing == "anchor" and .list_entry.disallowed == null and
        (.list_entry | has("disallowed"))'
hf roots list "ctl:$cab" --json
told 'the cabinet holds the same' '.certificates | length == 514'
hf roots list "ctl:$old" --json
told '413 entries in the older one' '.certificates | length == 413'

python3 - "$new" "$work/flipped.stl" <<'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[len(data) // 2] ^= 1
open(sys.argv[2], "wb").write(data)
PYTHON
hf roots list "ctl:$work/flipped.stl"
ended 3 'one flipped bit'
row "$([ -s "$work/out" ] && grep -q 'cannot be read' "$work/out" && echo yes)" \
    'and nothing of it is believed'
hf roots export "ctl:$new" --format tsv --out "$work/microsoft.tsv"
grep -v '^#' "$HF_SOURCE/data/microsoft.tsv" >"$work/ours"
grep -v '^#' "$work/microsoft.tsv" >"$work/theirs"
is 'the table built in is what the list says' cmp "$work/ours" "$work/theirs"

# --- a machine that goes by the list of 2020 ------------------------------------

hf roots check A1 --store "ctl:$old" --json
ended 1 'Apex One against the list of 2020'
told 'one root is missing, with the reason' \
    '[.products[0].needs[] | select(.state == "missing")] | length == 1 and
        (.[0].name | test("Identity Verification Root")) and
        (.[0].reason | test("2020-09-03") and test("does not name it"))'

root=$work/disk
hive=$root/Windows/System32/config/SOFTWARE
mkdir -p "${hive%/*}"
"$HF_BUILD/tests/make_hive" "$hive"
python3 - "$old" >"$work/frozen.reg" <<'PYTHON'
import sys
base = "HKEY_LOCAL_MACHINE\\SOFTWARE"
print("Windows Registry Editor Version 5.00")
def key(path):
    at = base
    for part in path.split("\\"):
        at += "\\" + part
        print("\n[" + at + "]")
key("Microsoft\\SystemCertificates\\AuthRoot\\AutoUpdate")
ctl = open(sys.argv[1], "rb").read()
print('"EncodedCtl"=hex:' + ",".join("%02x" % b for b in ctl))
print('"LastSyncTime"=hex:00,80,a3,2a,85,81,d6,01')
key("Policies\\Microsoft\\SystemCertificates\\AuthRoot")
print('"DisableRootAutoUpdate"=dword:00000001')
PYTHON
"$HOLDFAST" roots add "$HF_SOURCE/data/roots/isrg-root-x1.pem" --root "$root" \
    --store "reg:$work/frozen.reg" >/dev/null 2>&1
hivexregedit --merge --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' "$hive" \
    "$work/frozen.reg" 2>"$work/err"
for certificate in digicert-trusted-root-g4 digicert-assured-id-root-ca; do
    "$HOLDFAST" roots add "$HF_SOURCE/data/roots/$certificate.pem" \
        --root "$root" >/dev/null 2>"$work/err"
done
hf roots check A1 --root "$root" --json
ended 1 'a machine frozen at that list'
told 'one cause is told' \
    '[.findings[] | select(.severity != "note" and .code != "HF1207") | .code] == ["HF1111"]'
told 'it names the root, and that the list does not know it' \
    '[.findings[] | select(.code == "HF1111") | .evidence[]] |
        any(test("Identity Verification Root.*not on the list"))'
told 'it names the list' \
    '[.findings[] | select(.code == "HF1111") | .evidence[]] |
        any(test("list of 2020-09-03.*413 entries"))'
hf doctor --root "$root" --json
told 'the doctor, asked of the machine alone, names the policy' \
    '[.findings[] | select(.cause == "root-update-disabled") | .code] == ["HF1111"]'
told 'and the list' '.root_update.list.date | startswith("2020-09-03")'

# --- shared --------------------------------------------------------------------

share=$work/share
hf roots share "$share" --ctl "$new" --from "$HF_SOURCE/data/roots" --json
ended 1 'a share without every body told so'
told 'every entry is there or named' \
    '.entries == 514 and (.without_body | length) + .written - 1 == 514'
is 'the list is in a cabinet that cabextract opens' \
    cabextract -q -d "$work" "$share/authrootstl.cab"
is 'and is the list' cmp "$work/authroot.stl" "$new"
hf roots list "ctl:$share" --json
told 'read back, no body is the wrong one' '.stores[0].damaged == 0'
find "$share" -type f -newermt '2000-01-01' -printf '%p %T@\n' | sort >"$work/times"
hf roots share "$share" --ctl "$new" --from "$HF_SOURCE/data/roots" --json
told 'a second run writes nothing' '.written == 0'
find "$share" -type f -newermt '2000-01-01' -printf '%p %T@\n' | sort |
    cmp -s - "$work/times"
ok $? 'not a file is touched'

# --- synced --------------------------------------------------------------------

cp "$HF_SOURCE/data/roots/digicert-global-root-ca.pem" "$work/app.pem"
cat "$HF_SOURCE/data/roots/geotrust-global-ca.pem" >>"$work/app.pem"
cp "$work/app.pem" "$work/app.was"
hf roots sync "$share" --store "pem:$work/app.pem" --root "$work" </dev/null
ended 4 'a store is not changed without Yes'
is 'and is as it was' cmp "$work/app.pem" "$work/app.was"
hf roots sync "$share" --store "pem:$work/app.pem" --root "$work" --yes --json
ended 3 'bodies that are not to be had leave the answer incomplete'
told 'what the list refuses is removed' \
    '[.removed[].name] == ["GeoTrust Global CA"]'
told 'what it trusts for servers is added' \
    '[.added[].name] | index("ISRG Root X1") != null and
        index("Microsoft Identity Verification Root Certificate Authority 2020") == null'
hf roots sync "$share" --store "pem:$work/app.pem" --root "$work" --yes --json
told 'a second run changes nothing' '(.added + .removed) == []'
hf roots undo --root "$work"
is 'undo is byte for byte' cmp "$work/app.pem" "$work/app.was"

port=8711
(cd "$share" && exec python3 -m http.server --bind 127.0.0.1 $port) \
    >"$work/server" 2>&1 &
server=$!
for _ in $(seq 50); do
    curl -sf "http://127.0.0.1:$port/" >/dev/null && break
    sleep 0.1
done
hf roots sync "http://127.0.0.1:$port" --store "pem:$work/app.pem" \
    --root "$work" --yes --json
told 'over HTTP the same is added' \
    '([.added[].name] | index("ISRG Root X1") != null) and
        [.removed[].name] == ["GeoTrust Global CA"]'
hf roots undo --root "$work"
cp "$work/flipped.stl" "$share/authrootstl.cab"
hf roots sync "http://127.0.0.1:$port" --store "pem:$work/app.pem" \
    --root "$work" --yes
ended 3 'a list that was changed on the way'
is 'changes nothing' cmp "$work/app.pem" "$work/app.was"
kill "$server"
row "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'holdfast-??????' -newer "$work/server" | grep -q . || echo yes)" \
    'what was fetched is cleared away'

# --- a Windows store made equal ----------------------------------------------------

cp "$cab" "$share/authrootstl.cab"
hf roots sync "$share" --store "hive:$hive" --root "$root" --yes
ended 2 'a registry of several parts asks for the part'
hf roots sync "$share" --store "hive:$hive#AuthRoot" --root "$root" --yes --json
told 'AuthRoot gets the roots of other purposes too' \
    '[.added[].name] | index("Microsoft Identity Verification Root Certificate Authority 2020") != null'
hf roots diff "hive:$hive#AuthRoot" "ctl:$share" --json
told 'nothing there that the list does not trust' '.only_first == []'
hf roots audit "hive:$hive#AuthRoot" --ctl "$cab" --json
told 'an audit by the list finds nothing that Microsoft disallows' \
    '[.marked[] | select(.text | test("Microsoft has disallowed it( since| \\()"))] == []'

end_rows
