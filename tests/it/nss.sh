#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# NSS's own certutil reads what we write, and we read what it writes: trust,
# primary passwords, old formats, cut changes, and profiles made to harm.
set -uo pipefail
export LC_ALL=C.UTF-8

# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"

for tool in certutil openssl jq; do
    command -v $tool >/dev/null || skip_all "$tool is not installed"
done

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home TMPDIR=$work/tmp
root=$work/root
state=$root/var/lib/holdfast
profile=$root/home/u/.pki/nssdb
mkdir -p "$HOME" "$TMPDIR" "$state" "$profile"
shown=("$work/said" "$work/certutil")
touch "$work/said" "$work/certutil"

hf() { "$HOLDFAST" "$@" --root "$root" >"$work/said" 2>&1 </dev/null; }
add() { hf roots add "$work/$1.pem" --store "nss:$2" "${@:3}"; }
says() { grep -qF -- "$1" "$work/said"; }
nss() { certutil "$@" >"$work/certutil" 2>&1 </dev/null; }
trust() { # PROFILE NICKNAME: "C,,"
    certutil -L -d "sql:$1" 2>&1 |
        sed -n "s/^$2  *\([A-Za-z]*,[A-Za-z]*,[A-Za-z]*\) *$/\1/p"
}
standing() { # PROFILE NICKNAME: "anchor serverAuth"
    "$HOLDFAST" roots list --json --store "nss:$1" --root "$root" \
        2>"$work/said" | jq -r --arg name "$2" '.certificates[] |
        select(.label == $name) | ([.standing] + (.purposes // [])) | join(" ")'
}
count() { # PROFILE: how many certificates we see
    "$HOLDFAST" roots list --json --store "nss:$1" --root "$root" \
        2>"$work/said" | jq '.certificates | length'
}
new_profile() { # DIR [WORD...]
    mkdir -p "$1" && nss -N -d "sql:$1" "${@:2}"
}
make_ca() { # NAME SUBJECT KEY...
    openssl req -x509 -nodes -newkey "${@:3}" -keyout "$work/$1.key" \
        -out "$work/$1.pem" -subj "$2" -days 300 2>"$work/said"
}

# --- what there is ---

make_ca first '/CN=First Root/O=Test' rsa:2048 &&
    make_ca second '/CN=Second Root' ec -pkeyopt ec_paramgen_curve:P-256 &&
    make_ca third '/CN=Third Root' ec -pkeyopt ec_paramgen_curve:P-384 &&
    openssl req -nodes -newkey rsa:2048 -keyout "$work/leaf.key" -subj \
        /CN=leaf.example -out "$work/leaf.csr" 2>"$work/said" &&
    openssl x509 -req -in "$work/leaf.csr" -CA "$work/first.pem" -CAkey \
        "$work/first.key" -days 200 -out "$work/leaf.pem" -extfile <(
            echo subjectAltName=DNS:leaf.example
            echo extendedKeyUsage=serverAuth
        ) 2>"$work/said"
ok $? 'certificates'
new_profile "$profile" --empty-password &&
    nss -A -d "sql:$profile" -n Leaf -t ,, -i "$work/leaf.pem"
ok $? 'certutil makes a profile'

# --- what certutil writes, we read ---

while IFS='|' read -r bits want; do
    dir=$work/trust/$bits
    new_profile "$dir" --empty-password &&
        nss -A -d "sql:$dir" -n x -t "$bits" -i "$work/second.pem"
    got=$(standing "$dir" x)
    row "$([ "$got" = "$want" ] && echo yes)" "certutil's '$bits' is '$got'"
done <<'ROWS'
C,,|anchor serverAuth
T,,|anchor clientAuth
CT,C,C|anchor serverAuth clientAuth codeSign email
,C,|anchor email
,,C|anchor codeSign
c,,|issuer
,,|issuer
p,p,p|refused
p,C,|refused
P,,|held
ROWS

# --- what we write, certutil reads ---

first=$(picture "$root")
nss -V -d "sql:$profile" -n Leaf -u V
row "$([ $? != 0 ] && echo yes)" 'the server is not trusted before'
add first "$profile"
ok $? 'add a root'
row "$([ "$(trust "$profile" 'First Root - Test')" = C,, ] && echo yes)" \
    'certutil lists it as C,,'
nss -V -d "sql:$profile" -n Leaf -u V
ok $? 'certutil: the server is trusted'
second=$(picture "$root" times)
add first "$profile" && [ "$second" = "$(picture "$root" times)" ]
ok $? 'adding it again changes nothing'
nss -A -d "sql:$profile" -n Third -t ,, -i "$work/third.pem"
add third "$profile" && [ "$(trust "$profile" Third)" = C,, ]
ok $? 'one that was there untrusted gets its trust'
hf roots undo && [ "$(trust "$profile" Third)" = ,, ]
ok $? 'and loses it again'
nss -D -d "sql:$profile" -n Third
hf roots undo && says 'First Root' &&
    [ -z "$(trust "$profile" 'First Root - Test')" ]
ok $? 'undo after certutil has changed the profile'
nss -V -d "sql:$profile" -n Leaf -u V
row "$([ $? != 0 ] && echo yes)" 'certutil: the server is not trusted again'

nss -A -d "sql:$profile" -n Second -t CT,C,C -i "$work/second.pem"
third=$(picture "$root")
hf roots remove 'Second Root' --store "nss:$profile" &&
    [ -z "$(trust "$profile" Second)" ]
ok $? "remove one of certutil's"
nss -K -d "sql:$profile"
[ "$(trust "$profile" Leaf)" = ,, ]
ok $? 'the others are there'
hf roots undo && [ "$third" = "$(picture "$root")" ] &&
    [ "$(trust "$profile" Second)" = CT,C,C ]
ok $? 'undo, byte for byte'
[ "$first" != "$third" ] && add first "$profile" && hf roots undo &&
    [ "$third" = "$(picture "$root")" ]
ok $? 'add and undo, byte for byte'

# --- a primary password ---

echo 'secret 1' >"$work/password"
echo 'secret 2' >"$work/other"
locked=$root/locked
new_profile "$locked" -f "$work/password"
before=$(picture "$root" times)
add first "$locked"
row "$([ $? = 3 ] && says 'primary password' &&
    [ "$before" = "$(picture "$root" times)" ] && echo yes)" \
    'without the primary password nothing is changed'
add first "$locked" --store-password-file "$work/other"
row "$([ $? != 0 ] && says 'primary password' && echo yes)" \
    'nor with another'
add first "$locked" --store-password-file "$work/password" &&
    [ "$(trust "$locked" 'First Root - Test')" = C,, ]
ok $? 'with it, it is'
nss -A -d "sql:$locked" -n Leaf -t ,, -i "$work/leaf.pem" \
    -f "$work/password" && nss -V -d "sql:$locked" -n Leaf -u V \
    -f "$work/password"
ok $? 'certutil, which checks the signature then: trusted'

# --- no profile, and one that is open ---

mkdir "$root/bare"
add first "$root/bare"
row "$([ $? = 3 ] && says 'certutil -N' && [ -z "$(ls "$root/bare")" ] &&
    echo yes)" 'a folder that is no profile is not made one'
exec 9<"$profile/cert9.db"
add first "$profile"
row "$([ $? = 3 ] && says 'has this profile open' && echo yes)" \
    'a profile that is open is not changed'
exec 9<&-

# --- made to harm ---

evil=$work/evil.so
cp "$HF_BUILD/tests/nss_evil.so" "$evil"
harm=$root/harm
new_profile "$harm" --empty-password
printf 'library=%s\nname=Evil\nNSS=trustOrder=100\n\n' "$evil" \
    >>"$harm/pkcs11.txt"
cp "$evil" "$harm/libnssckbi.so"
nss -L -d "sql:$harm"
row "$([ -e "$evil.loaded" ] && echo yes)" \
    'certutil loads what pkcs11.txt names'
rm -f "$evil.loaded" "$harm/libnssckbi.so.loaded"
[ "$(count "$harm")" = 0 ] && add first "$harm" && [ "$(count "$harm")" = 1 ] &&
    hf roots undo
ok $? 'such a profile is read and changed'
row "$([ ! -e "$evil.loaded" ] && [ ! -e "$harm/libnssckbi.so.loaded" ] &&
    echo yes)" 'its libraries are not loaded'

# A program that dies in the middle of a change leaves a journal behind.
cut=$root/cut
if command -v python3 >/dev/null && python3 -c 'import sqlite3'; then
    new_profile "$cut" --empty-password
    for name in first second third; do
        nss -A -d "sql:$cut" -n $name -t C,, -i "$work/$name.pem"
    done
    python3 - "$cut/cert9.db" <<'PYTHON'
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size=1")
db.execute("BEGIN IMMEDIATE")
db.execute("DELETE FROM nssPublic")
db.execute("CREATE TABLE filler (a)")
for i in range(400):
    db.execute("INSERT INTO filler VALUES (?)", (b"x" * 4000,))
os._exit(0)
PYTHON
    [ -s "$cut/cert9.db-journal" ]
    ok $? 'a change that was cut short'
    before=$(picture "$cut" times)
    [ "$(count "$cut")" = 3 ] && [ "$before" = "$(picture "$cut" times)" ]
    ok $? 'what was there before it is read, the profile left alone'
    hf roots remove 'First Root' --store "nss:$cut"
    row "$([ $? = 3 ] && says cert9.db-journal &&
        [ "$before" = "$(picture "$cut" times)" ] && echo yes)" \
        'it is not changed'
    nss -L -X -d "sql:$cut"
    hf roots remove 'First Root' --store "nss:$cut" && [ "$(count "$cut")" = 2 ]
    ok $? 'after what the text advises, it is'

    # who cannot sign with the profile's key cannot make a root trusted
    forged=$root/forged
    new_profile "$forged" --empty-password &&
        nss -A -d "sql:$forged" -n x -t p,, -i "$work/second.pem"
    python3 - "$forged/cert9.db" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE nssPublic SET ace536358 = x'CE534352' "
           "WHERE ace536358 IS NOT NULL") # CKA_TRUST_SERVER_AUTH: C
db.commit()
PYTHON
    [ "$(trust "$forged" x)" = ,, ] && [ "$(standing "$forged" x)" = issuer ]
    ok $? 'forged trust counts for nothing, as certutil says'
else
    skip 'a change that was cut short' 'no python3 with sqlite3'
fi

# --- the old format ---

old=$root/old
mkdir "$old"
if nss -N -d "dbm:$old" --empty-password &&
    nss -A -d "dbm:$old" -n Old -t C,, -i "$work/first.pem"; then
    [ "$(standing "$old" Old)" = 'anchor serverAuth' ]
    ok $? 'an old profile is read'
    add second "$old"
    row "$([ $? = 3 ] && says cert8.db && echo yes)" 'and not changed'
    nss -L -X -d "sql:$old" && add second "$old" && [ "$(count "$old")" = 2 ] &&
        [ "$(trust "$old" Old)" = C,, ]
    ok $? 'after what the text advises, it is'
else
    skip 'an old profile' 'this NSS does not know the format'
fi

# --- found by itself, and NSS's own roots ---

mkdir -p "$root/etc"
echo 'u:x:1000:1000:U:/home/u:/bin/sh' >"$root/etc/passwd"
"$HOLDFAST" roots list --json --root "$root" 2>"$work/said" |
    jq -r '.stores[].name' >"$work/stores"
grep -qxF "nss:$profile" "$work/stores" && ! grep -q old "$work/stores"
ok $? "a user's profile is found below the root"

if command -v modutil >/dev/null &&
    "$HOLDFAST" roots list --store nss:builtin --json >"$work/builtin" \
        2>"$work/said" && [ "$(jq -r .result "$work/builtin")" = healthy ]; then
    new_profile "$work/roots" --empty-password
    modutil -force -dbdir "sql:$work/roots" -add roots -libfile \
        "$(jq -r '.stores[0].path' "$work/builtin")" >"$work/said" 2>&1
    certutil -L -d "sql:$work/roots" -h 'Builtin Object Token' \
        >"$work/certutil" 2>&1
    want=$(grep -cE ' C[A-Za-z]*,[A-Za-z]*,[A-Za-z]* *$' "$work/certutil")
    have=$(jq '[.certificates[] | select(.standing == "anchor" and
        (.purposes | index("serverAuth")))] | length' "$work/builtin")
    row "$([ "$want" -gt 50 ] && [ "$want" = "$have" ] && echo yes)" \
        "the roots built into NSS: certutil $want, we $have"
    add first builtin
    row "$([ $? = 3 ] && says 'not changed' && echo yes)" \
        'they are not changed'
else
    skip "NSS's own roots" 'not installed'
fi

row "$([ -z "$(ls "$TMPDIR")" ] && echo yes)" 'no copy is left behind'
end_rows
