#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A Windows disk that is not running: a policy keeps roots away, one is missing.
# One cause, repaired, shown by other tools, taken back; as hive and as .reg.
set -uo pipefail

# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
for tool in jq hivexget hivexregedit; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
enter "$@"

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shown=("$work/out" "$work/err")
root=$work/disk
config=$root/Windows/System32/config
hive=$config/SOFTWARE
stores='Microsoft\SystemCertificates'
policy='Policies\Microsoft\SystemCertificates\AuthRoot'
digicert=A8985D3A65E5E5C4B2D7D66D40C6DD2FB19C5436

hf() { # ARGUMENT...
    status=0
    "$HOLDFAST" "$@" >"$work/out" 2>"$work/err" || status=$?
}

value() { # KEY NAME; a certificate as its size
    hivexget "$hive" "$1" "$2" 2>/dev/null | tr -d '\0' | head -c 20
}

# What regedit would have exported.
head_line='Windows Registry Editor Version 5.00'
# A key after those above it, which hivexregedit wants to be there.
parents() { # KEY
    local part so_far=
    while IFS= read -r part; do
        so_far=$so_far\\$part
        printf '\n[HKEY_LOCAL_MACHINE\\SOFTWARE%s]\n' "$so_far"
    done <<<"${1//\\/$'\n'}"
}

filetime() { # DATE
    local ticks=$((($(date -d "$1" +%s) + 11644473600) * 10000000)) i
    printf 'hex:%02x' $((ticks & 255))
    for i in 8 16 24 32 40 48 56; do
        printf ',%02x' $((ticks >> i & 255))
    done
}

write_reg() { # FILE [DATE of the last look]
    {
        printf '%s\n\n' "$head_line"
        parents "$policy"
        printf '"DisableRootAutoUpdate"=dword:00000001\n\n'
        parents "$stores\\AuthRoot\\AutoUpdate"
        printf '"LastSyncTime"=%s\n\n' "$(filetime "${2:-now}")"
        parents "$stores\\ROOT\\Certificates"
    } >"$1"
}

make_disk() { # [DATE of the last look]
    rm -rf "$root"
    mkdir -p "$config"
    "$HF_BUILD/tests/make_hive" "$hive"
    write_reg "$work/in.reg" "${1:-now}"
    hivexregedit --merge --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' "$hive" \
        "$work/in.reg"
    # the other root that Cylance needs is there
    "$HOLDFAST" roots add "$HF_SOURCE/data/roots/starfield-class2-ca.pem" \
        --root "$root" --store "hive:$hive" >"$work/out" 2>&1
}

# --- one cause ---------------------------------------------------------------

make_disk
is 'the other root is among the roots' test -n \
    "$(value "$stores\\ROOT\\Certificates\\AD7E1C28B064EF8F6003402014C3D0E3370EB58A" Blob)"
is 'the policy is in the hive' test -n "$(value "$policy" DisableRootAutoUpdate)"
sha256sum "$hive" >"$work/before"

hf doctor cylance --offline --root "$root" --json
ended 1 'the doctor finds something'
told 'one cause is told: the policy' \
    '[.findings[] | select(.severity != "note") | .cause] == ["root-update-disabled"]'
told 'its code is the one of roots that never arrived' \
    '[.findings[] | select(.severity != "note") | .code] == ["HF1111"]'
told 'it names the root and who needs it' \
    '.findings[] | select(.code == "HF1111") | .summary |
        test("DigiCert Global Root CA") and test("Cylance PROTECT")'
told 'it names the policy by its path' \
    '[.findings[] | select(.code == "HF1111") | .evidence[]] |
        any(test("Turn off Automatic Root Certificates Update"))'
told 'it warns of the domain policy' \
    '[.findings[] | select(.code == "HF1111") | .remedies[].text] |
        any(test("domain policy"))'
told 'the state of the update is told' \
    '.root_update.enabled == false and .root_update.last_sync != null'
hf roots check cylance --root "$root" --json
told 'roots check told the same cause' \
    '[.findings[] | select(.severity != "note") | .cause] == ["root-update-disabled"]'
is 'looking changes nothing' sha256sum -c "$work/before"

# --- repaired and taken back --------------------------------------------------

hf doctor cylance --offline --root "$root" --fix --json
ended 0 'after --fix nothing is left'
told 'both were repaired' '(.installed | length) > 0 and .settings_repaired == 1'
row "$([ -z "$(value "$policy" DisableRootAutoUpdate)" ] && echo yes)" \
    'hivexget finds the policy no more'
is 'hivexget finds the root' test -n \
    "$(value "$stores\\ROOT\\Certificates\\$digicert" Blob)"
hivexregedit --export --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' "$hive" \\\\ \
    >"$work/export" 2>"$work/err"
row "$(grep -q "$digicert" "$work/export" && echo yes)" \
    'hivexregedit exports the root'
hf doctor cylance --offline --root "$root"
ended 0 'the doctor, asked again'
sha256sum "$hive" >"$work/fixed"
hf doctor cylance --offline --root "$root" --fix
is 'a second --fix changes no byte' sha256sum -c "$work/fixed"

hf roots undo --root "$root" --json
told 'undo told what it took back' '.undo == "bytes"'
is 'undo is byte for byte' sha256sum -c "$work/before"
is 'the policy is back' test -n "$(value "$policy" DisableRootAutoUpdate)"

# the hive moves on: undo by content
hf doctor cylance --offline --root "$root" --fix
printf '%s\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Elsewhere]\n"a"="b"\n' "$head_line" \
    >"$work/more.reg"
hivexregedit --merge --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' "$hive" \
    "$work/more.reg"
hf roots undo --root "$root" --json
told 'undo after the hive moved on goes by content' '.undo == "certificates"'
is 'the policy is back by content' test -n \
    "$(value "$policy" DisableRootAutoUpdate)"
row "$([ -z "$(value "$stores\\ROOT\\Certificates\\$digicert" Blob)" ] && echo yes)" \
    'the root is gone by content'
is 'what moved on stays' test "$(value Elsewhere a)" = b

# --- asked of the machine alone --------------------------------------------------

make_disk
sha256sum "$hive" >"$work/before"
hf doctor --root "$root" --json
told 'no product named: the one cause is the policy' \
    '[.findings[] | select(.severity != "note") | .code] == ["HF1111"]'
told 'with the roots that known products miss' \
    '[.findings[0].evidence[]] | any(test("Cylance PROTECT needs .DigiCert Global Root CA."))'
hf doctor --root "$root" --fix
ended 0 'both are repaired'
is 'hivexget finds the root again' test -n \
    "$(value "$stores\\ROOT\\Certificates\\$digicert" Blob)"
hf roots undo --root "$root"
row "$(grep -q 'put back.*DisableRootAutoUpdate' "$work/out" && echo yes)" \
    'undo names the setting it puts back'
is 'and puts every byte back' sha256sum -c "$work/before"

# --- the repair as a .reg file ------------------------------------------------

make_disk
hf doctor cylance --offline --root "$root" --reg "$work/repair.reg"
ended 1 'the doctor writes the repair'
hf doctor cylance --offline --root "$root"
ended 1 'the disk is as it was'
iconv -f utf-16 -t utf-8 "$work/repair.reg" 2>/dev/null | tr -d '\r' \
    >"$work/repair.txt"
row "$(grep -qx '"DisableRootAutoUpdate"=-' "$work/repair.txt" && echo yes)" \
    'the repair deletes the policy' "$work/repair.txt"
row "$(grep -q "$digicert" "$work/repair.txt" && echo yes)" \
    'the repair brings the root' "$work/repair.txt"
hivexregedit --merge --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' "$hive" \
    "$work/repair.txt" >"$work/out" 2>"$work/err"
hf doctor cylance --offline --root "$root"
ended 0 'imported by another tool, it repairs the disk'

# --- the same evidence as an export -------------------------------------------

write_reg "$work/machine.reg"
cp "$work/machine.reg" "$work/machine.was"
export_store=(--store "reg:$work/machine.reg" --root "$work")
hf doctor cylance --offline "${export_store[@]}" --json
told 'an export shows the one cause too' \
    '[.findings[] | select(.severity != "note") | .code] == ["HF1111"]'
hf doctor cylance --offline "${export_store[@]}" --fix
ended 0 'an export is repaired'
hf roots undo --root "$work"
is 'and given back byte for byte' cmp "$work/machine.reg" "$work/machine.was"

# --- a list nobody renewed -----------------------------------------------------

make_disk 2020-09-03
hf doctor cylance --offline --root "$root" --fix --json
ended 0 'switched on a moment ago, nothing can have come yet'
hf doctor cylance --offline --root "$root" --json
told 'on another day a list of 2020 is a finding' \
    '[.findings[] | select(.severity != "note") | .code] == ["HF1114"]'
told 'that names the day' '.findings[0].summary | test("2020-09-03")'

# --- a policy file that would write it again ----------------------------------

make_disk
mkdir -p "$root/Windows/System32/GroupPolicy/Machine"
pol=$root/Windows/System32/GroupPolicy/Machine/Registry.pol
printf 'PReg\1\0\0\0' >"$pol"
printf '[Software\\Policies\\Microsoft\\SystemCertificates\\AuthRoot\0;DisableRootAutoUpdate\0;' |
    iconv -f ascii -t utf-16le >>"$pol"
printf '\4\0\0\0;\0\4\0\0\0;\0\1\0\0\0]\0' >>"$pol"
hf doctor cylance --offline --root "$root" --json
told 'the policy file is named beside the hive' \
    '[.findings[] | select(.code == "HF1111") | .evidence[] | select(test("is 1"))] | length == 2'
hf doctor cylance --offline --root "$root" --fix --json
ended 0 'both are repaired'
told 'two settings were put right' '.settings_repaired == 2'

# --- what is told can be typed, what is named is kept --------------------------

make_disk
sha256sum "$hive" >"$work/before"
own=(--root "$root" --store "hive:$hive")
hf roots check A1 "${own[@]}" --json
told 'commands that are told name the store that was asked about' \
    '[.findings[].remedies[].command // empty] | length > 0 and all(test(" --store "))'
hf roots fix A1 "${own[@]}" --dry-run --json
told 'a dry run says that the store would change' \
    '.stores[0].status == "skipped" and (.stores[0].reason | test("is changed"))'
mkdir "$work/elsewhere"
away=(--root "$work/elsewhere" --store "hive:$hive" --log-dir "$work/log")
hf roots fix A1 "${away[@]}" --dry-run --json
told 'and that one outside --root would not' \
    '.stores[0].reason | test("leave --root out")'
hf roots fix A1 "${away[@]}" --json
ended 3 'a store outside --root is not changed'
told 'and is named' '.stores[0].status == "failed"'
hf roots remove '' --all "${own[@]}"
ended 2 'a word that is empty does not mean every certificate'
hf doctor cylance --offline "${own[@]}" --fix --reg "$work/repair.reg"
ended 2 '--fix and --reg exclude each other'
is 'none of these changed the hive' sha256sum -c "$work/before"

mkfifo "$work/pipe"
ln -s repair.reg "$work/link"
hf doctor cylance --offline "${own[@]}" --reg "$work/pipe"
ended 2 'a pipe as --reg'
hf roots export cylance --out "$work/pipe"
ended 2 'a pipe as --out'
is 'it is still a pipe' test -p "$work/pipe"
hf roots export cylance --out "$work/link"
ended 0 'a link as --out'
is 'it is still a link' test -L "$work/link"
is 'to what was written' grep -q 'BEGIN CERTIFICATE' "$work/repair.reg"

end_rows
