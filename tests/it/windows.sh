#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# it/windows.sh - certificate stores in hives, exports and policy files, through
# the program, with libhivex's own tools as peers: what we write, they read, and
# the reverse.
set -u
export LC_ALL=C

roots=$HF_SOURCE/data/roots
# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"

for tool in hivexget hivexregedit jq xxd openssl; do
    command -v "$tool" >/dev/null || skip_all "no $tool"
done
work=$(mktemp -d "${TMPDIR:-/tmp}/hf-windows-XXXXXX") || exit 1
shown=("$work/out" "$work/err")
trap 'rm -rf "$work"' EXIT
root=$work/root
config=$root/Windows/System32/config
hive=$config/SOFTWARE
certs='Microsoft\SystemCertificates'
policy='Policies\Microsoft\SystemCertificates\AuthRoot'
mkdir -p "$config" "$root/Users/anna" "$root/var/lib/holdfast" \
    "$root/Windows/System32/GroupPolicy/Machine"

make_hive() { "$HF_BUILD/tests/make_hive" "$1"; }

# STATUS TITLE WORD...: does the program end so? Its JSON stays in $work/out.
runs() {
    local want=$1 title=$2 got=0 good=no
    shift 2
    "$HOLDFAST" "$@" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" != "$want" ] || good=yes
    row "$good" "$title"
}

# How many certificates the program lists in a store.
listed() { # STORE
    "$HOLDFAST" roots list --root "$root" --store "$1" --json 2>"$work/err" |
        jq '[.certificates[] | select(.sha1)] | length'
}
# How many the peer sees in a hive.
exported() { # HIVE
    hivexregedit --export "$1" "\\" 2>"$work/err" | grep -c '^"Blob"=hex(3)'
}
thumb() { # FILE
    openssl x509 -in "$1" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g'
}
# Does the peer find the certificate in the store, whole?
holds() { # HIVE STORE FILE
    hivexget "$1" "$2\\Certificates\\$(thumb "$3")" Blob >"$work/blob" \
        2>"$work/err" || return 1
    openssl x509 -in "$3" -outform der -out "$work/der" || return 1
    tail -c "$(wc -c <"$work/der")" "$work/blob" | cmp -s - "$work/der"
}
# Is it in what was printed, wherever lines were broken?
says() { # TEXT
    tr -s ' \n' ' ' <"$work/out" | grep -qF "$1"
}
sums() { sha256sum "$@"; }

digicert=$roots/digicert-global-root-ca.pem
isrg=$roots/isrg-root-x1.pem
amazon=$roots/amazon-root-ca-1.pem

# Says the same as a registry export: each key, and one certificate or value.
peer_keys() {
    local path='' part parts
    mapfile -d "\\" -t parts < <(printf %s "$1")
    printf 'Windows Registry Editor Version 5.00\n'
    for part in "${parts[@]}"; do
        path=$path\\$part
        printf '\n[HKEY_LOCAL_MACHINE\\SOFTWARE%s]\n' "$path"
    done
}
peer_cert() { # STORE FILE
    local len
    openssl x509 -in "$2" -outform der -out "$work/der"
    len=$(printf '%08x' "$(wc -c <"$work/der")")
    peer_keys "$1\\Certificates\\$(thumb "$2")"
    printf '"Blob"=hex(3):20,00,00,00,01,00,00,00,%s,%s,%s,%s,' \
        "${len:6:2}" "${len:4:2}" "${len:2:2}" "${len:0:2}"
    xxd -p "$work/der" | tr -d '\n' | sed 's/../&,/g; s/,$//'
    printf '\n'
}
merge() { # HIVE <EXPORT
    cat >"$work/more.reg"
    hivexregedit --merge "$1" --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' \
        "$work/more.reg"
}

# --- a hive -------------------------------------------------------------------
make_hive "$hive" || { echo 'Bail out! make_hive makes no hive' && exit 1; }
first=$(sums "$hive")
runs 0 'hive: a root into an empty one' roots add "$digicert" --root "$root" \
    --store "hive:$hive"
is 'hive: hivexget finds it in ROOT' holds "$hive" "$certs\\ROOT" "$digicert"
second=$(sums "$hive")
runs 0 'hive: once more' roots add "$digicert" --root "$root" \
    --store "hive:$hive"
is 'hive: changes not a byte' test "$second" = "$(sums "$hive")"
runs 0 'hive: undo' roots undo --root "$root"
is 'hive: not a byte is left' test "$first" = "$(sums "$hive")"

peer_cert "$certs\\CA" "$amazon" | merge "$hive"
ok $? 'peer: hivexregedit puts one into CA'
{
    peer_keys "$policy"
    printf '"DisableRootAutoUpdate"=dword:00000001\n'
} | merge "$hive"
ok $? 'peer: and a policy'
is 'peer: we read it' test "$(listed "hive:$hive#CA")" = 1

runs 0 'hive: a root to it' roots add "$digicert" --root "$root" \
    --store "hive:$hive"
runs 0 'hive: another into the policy store' roots add "$isrg" --root "$root" \
    --store "hive:$hive#policy ROOT"
is 'hive: hivexget finds it there' holds "$hive" \
    "Policies\\$certs\\ROOT" "$isrg"
is 'hive: both count three' test "$(listed "hive:$hive") 3" = \
    "3 $(exported "$hive")"
runs 0 'hive: remove one' roots remove "$(thumb "$digicert")" --root "$root" \
    --store "hive:$hive"
if holds "$hive" "$certs\\ROOT" "$digicert"; then good=no; else good=yes; fi
row "$good" 'hive: hivexget finds it no more'
runs 0 'hive: undo' roots undo --root "$root"
is 'hive: it is back' holds "$hive" "$certs\\ROOT" "$digicert"
{
    peer_keys 'Vendor'
    printf '"Value"="x"\n'
} | merge "$hive"
ok $? 'peer: the hive moves on'
runs 0 'hive: undo' roots undo --root "$root"
if holds "$hive" "Policies\\$certs\\ROOT" "$isrg"; then good=no; else good=yes; fi
row "$good" 'hive: what we added is gone'
is 'hive: what was there stays' holds "$hive" "$certs\\ROOT" "$digicert"
is "hive: the peer's certificate stays" holds "$hive" "$certs\\CA" "$amazon"
is "hive: the peer's values stay" test "$(hivexget "$hive" "$policy" \
    DisableRootAutoUpdate) $(hivexget "$hive" Vendor Value)" = '1 x'

# --- a hive that was not shut down -----------------------------------------------
make_hive "$hive"
runs 0 'dirty: a hive' roots add "$digicert" "$isrg" --root "$root" \
    --store "hive:$hive"
cp "$hive" "$work/clean"
# one more in the first sequence number: changes were begun and not ended
python3 - "$hive" <<'PY'
import struct
import sys

with open(sys.argv[1], "r+b") as file:
    head = bytearray(file.read(512))
    head[4:8] = struct.pack("<I", struct.unpack_from("<I", head, 4)[0] + 1)
    total = 0
    for word in struct.unpack_from("<127I", head):
        total ^= word
    head[508:512] = struct.pack("<I", total)
    file.seek(0)
    file.write(head)
PY
before=$(sums "$hive")
is 'dirty: it is read' test "$(listed "hive:$hive")" = 2
if "$HOLDFAST" roots add "$amazon" --root "$root" --store "hive:$hive" \
    >"$work/out" 2>&1; then good=no; else good=yes; fi
row "$good" 'dirty: adding is refused'
is 'dirty: and says what to do' says 'shut down cleanly'
is 'dirty: not a byte is changed' test "$before" = "$(sums "$hive")"
cp "$work/clean" "$hive"

# --- a read-only mount ------------------------------------------------------------
cat >"$work/mounted" <<'SH'
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77
shift
"$@"
[ $? != 0 ]
SH
unshare -rm bash "$work/mounted" "$config" "$HOLDFAST" roots add "$amazon" \
    --root "$root" --store "hive:$hive" >"$work/out" 2>&1
case $? in
0)
    is 'read-only: refused, and says so' says 'read-only'
    ;;
1)
    row no 'read-only: refused, and says so'
    ;;
*)
    skip 'read-only: refused, and says so' 'no mount namespace of our own here'
    ;;
esac

# --- an export ------------------------------------------------------------------
reg=$root/export.reg
hivexregedit --export "$hive" --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' "\\" |
    sed 's/$/\r/' >"$reg"
before=$(sums "$reg")
is 'export: the same certificates' test "$(listed "reg:$reg")" = 2
runs 0 'export: add' roots add "$amazon" --root "$root" --store "reg:$reg"
is 'export: three' test "$(listed "reg:$reg")" = 3
make_hive "$work/other"
is 'export: hivexregedit takes it' hivexregedit --merge "$work/other" \
    --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' "$reg"
is 'export: and has all three' test "$(exported "$work/other")" = 3
is 'export: the new one in ROOT' holds "$work/other" "$certs\\ROOT" "$amazon"
runs 0 'export: undo' roots undo --root "$root"
is 'export: not a byte is left' test "$before" = "$(sums "$reg")"

# --- a policy file ---------------------------------------------------------------
pol=$root/Windows/System32/GroupPolicy/Machine/Registry.pol
printf 'PReg\001\000\000\000' >"$pol"
before=$(sums "$pol")
runs 0 'policy: add' roots add "$digicert" --root "$root" --store "pol:$pol"
is 'policy: it is there' test "$(listed "pol:$pol#policy ROOT")" = 1
runs 0 'policy: undo' roots undo --root "$root"
is 'policy: not a byte is left' test "$before" = "$(sums "$pol")"

# --- found by itself ---------------------------------------------------------------
make_hive "$root/Users/anna/NTUSER.DAT"
runs 0 'find: a mounted Windows' roots list --root "$root" --json
for want in "hive:$hive" "hive:$root/Users/anna/NTUSER.DAT" "pol:$pol"; do
    # shellcheck disable=SC2016 # a name of jq's
    is "find: ${want#*"$root/"}" jq -e --arg name "$want" \
        'any(.stores[]; .name == $name)' "$work/out"
done

end_rows
