#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What Cylance and others need, on a copy of this machine's own Debian store:
# checked, fixed, undone, and undone after the system's package moved on.
set -uo pipefail

# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"

shelf=/usr/share/ca-certificates
command -v jq >/dev/null || skip_all 'jq is not installed'
command -v update-ca-certificates >/dev/null ||
    skip_all 'ca-certificates is not installed'
for name in DigiCert_Global_Root_CA Starfield_Class_2_CA; do
    [ -e $shelf/mozilla/$name.crt ] || skip_all "this system has no $name"
done
enter "$@"

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/empty"
root=$work/root
bundle=$root/etc/ssl/certs/ca-certificates.crt
verisign=9acfab7e43c8d880d06b262a94deeee4b4659989c3d0caf19baf6405e41ab7df
geotrust=ff856a2d251dcd88d36656f450126798cfabaade40799c722de4d2b5db36a73a
thawte=8d722f81a9c113c0791df136a2966db26c950a971db46b4199f4ea54b78bfb9f

# A copy of what update-ca-certificates works with.
copy_system() { # FOLDER
    mkdir -p "$1/etc/ssl" "$1$shelf" "$1/usr/local/share/ca-certificates" \
        "$1/var/lib/holdfast"
    cp -a --no-preserve=ownership /etc/ssl/certs "$1/etc/ssl/certs"
    cp -a --no-preserve=ownership /etc/ca-certificates.conf "$1/etc"
    cp -a --no-preserve=ownership $shelf/. "$1$shelf"
    cp -a --no-preserve=ownership /usr/local/share/ca-certificates/. \
        "$1/usr/local/share/ca-certificates"
}

# Debian's own tool, at work on the folder's files under their usual names.
debian_tool() { # FOLDER
    # shellcheck disable=SC2016
    unshare --mount bash -euc 'for path in /etc/ssl/certs \
        /usr/share/ca-certificates /usr/local/share/ca-certificates \
        /etc/ca-certificates.conf; do mount --bind "$1$path" "$path"; done
        exec update-ca-certificates --hooksdir "$2"' _ "$1" "$work/empty" \
        >"$work/tool" 2>&1
}

# Another version of the system's package: one root less, one more.
move_on() { # FOLDER
    local conf=$1/etc/ca-certificates.conf
    rm "$1$shelf/mozilla/DigiCert_Global_Root_G3.crt"
    cp "$work/new.pem" "$1$shelf/mozilla/A_New_Root.crt"
    sed -i 's,^mozilla/DigiCert_Global_Root_G3.crt$,mozilla/A_New_Root.crt,' \
        "$conf"
    debian_tool "$1"
}

holds() { # HASH...: the bundle has them all, as another program reads it
    python3 - "$bundle" "$@" <<'PYTHON'
import hashlib, re, ssl, sys
text = open(sys.argv[1]).read()
pem = re.findall('-----BEGIN C.*?-----END CERTIFICATE-----', text, re.S)
have = {hashlib.sha256(ssl.PEM_cert_to_DER_cert(p)).hexdigest() for p in pem}
sys.exit(not have.issuperset(sys.argv[2:]))
PYTHON
}

runs() { # STATUS TITLE WORD...   (the words after holdfast)
    local want=$1 title=$2 got=0
    shift 2
    "$HOLDFAST" "$@" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" = "$want" ] && good=yes || good=no
    echo "exit status $got" >>"$work/err"
    row "$good" "$title: $want" "$work/err" "$work/out"
}

answers() { # TITLE FILTER [FILE]
    jq -e "$2" "${3:-$work/out}" >"$work/is" 2>&1 && good=yes || good=no
    row "$good" "$1" "$work/is" "${3:-$work/out}"
}

fix() { # STATUS TITLE PRODUCT WORD...
    local status=$1 title=$2
    shift 2
    rm -rf "$work/log"
    runs "$status" "$title" roots fix --root "$root" --log-dir "$work/log" "$@"
}

last_line() { # TEXT
    is "the log ends in '$1'" grep -qx -- "$1" \
        <(tail -n 1 "$work/log/SCPeasyfix.log")
}

untouched() { # TITLE
    picture "$root" times >"$work/after"
    is "$1" diff "$work/untouched" "$work/after"
}

copy_system "$root"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$work/new.key" -out "$work/new.pem" -days 60 \
    -subj '/CN=A New Root' 2>"$work/err"
cp -a "$bundle" "$work/bundle"
picture "$root" >"$work/before"
picture "$root" times >"$work/untouched"

# --- check -------------------------------------------------------------------

runs 0 'roots check cylance' roots check cylance --root "$root"
is 'the text gives the reasons' awk '/[Dd]istrusted/ { d = 1 }
    /2021-02-01/ { s = 1 } /2022-05-21/ { e = 1 }
    END { exit !(d && s && e) }' "$work/out"
runs 0 'roots check cylance --json' roots check cylance --root "$root" --json
answers 'healthy: what is absent is a note' \
    '.result == "healthy" and .findings == [] and (.notes | length) == 3'
answers 'two are present' '[.products[].needs[] | select(.state == "present")
    | .name] == ["DigiCert Global Root CA",
                 "Starfield Class 2 Certification Authority"]'
answers 'two are distrusted, since when and by whom' '[.products[].needs[]
    | select(.state == "distrusted") | {name: .name[:8], p: .distrusted.platform,
      s: .distrusted.since[:10]}] == [
    {name: "VeriSign", p: "Microsoft", s: "2021-02-01"},
    {name: "thawte P", p: "Microsoft", s: "2021-02-01"}]'
answers 'one has expired, and says when' '[.products[].needs[]
    | select(.state == "expired")] | length == 1 and
    (.[0] | .name == "GeoTrust Global CA" and
     (.reason | contains("2022-05-21")))'
answers 'their causes' '[.notes[].cause] | sort ==
    ["root-distrusted", "root-distrusted", "root-expired"]'
untouched 'a check touches nothing'

# --- fix, as it is meant -----------------------------------------------------

fix 0 'roots fix cylance' cylance
last_line 'Fixing result is True.'
answers 'none of the three is imported, each with its reason' \
    '.installed == [] and .missing == [] and
     ([.refused[].sha256] | sort) == (["'$verisign'", "'$geotrust'",
      "'$thawte'"] | sort) and all(.refused[]; .reason | length > 10)' \
    "$work/log/EasyFixofSysCerts.json"
is 'the log names them' awk '/GeoTrust/ { g = 1 } /VeriSign/ { v = 1 }
    /thawte/ { t = 1 } END { exit !(g && v && t) }' "$work/log/SCPeasyfix.log"
untouched 'and touches nothing'

fix 1 'a dry run of all five' cylance --include-distrusted --dry-run --json
answers 'tells the three' '.dry_run and .installed == [] and
    ([.missing[].sha256] | sort) ==
    (["'$verisign'", "'$geotrust'", "'$thawte'"] | sort)'
is 'leaves no log' test ! -e "$work/log"
untouched 'and touches nothing'

echo >"$work/file"
runs 3 'a log folder that is a file' roots fix cylance --root "$root" \
    --include-distrusted --log-dir "$work/file"
untouched 'and touches nothing'

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if "${nobody[@]}" "$HOLDFAST" --version >"$work/out" 2>"$work/err"; then
    rm -rf "$work/log"
    install -d -m 777 "$work/log"
    good=no status=0
    "${nobody[@]}" "$HOLDFAST" roots fix cylance --root "$root" \
        --include-distrusted --log-dir "$work/log" >"$work/out" \
        2>"$work/err" || status=$?
    [ "$status" = 3 ] && good=yes
    echo "exit status $status" >>"$work/err"
    row "$good" 'without the right to: 3' "$work/err" "$work/out"
    is 'it says why' grep -qi 'permission denied\|root' \
        <(cat "$work/out" "$work/err")
    last_line 'Fixing result is False.'
    untouched 'and touches nothing'
else
    skip 'without the right to' 'cannot become another user'
fi

# --- all five, and undone ----------------------------------------------------

fix 0 'all five' cylance --include-distrusted --json
last_line 'Fixing result is True.'
answers 'three are installed' '[.installed[].sha256] | sort ==
    (["'$verisign'", "'$geotrust'", "'$thawte'"] | sort)'
is 'another program finds them in the bundle' holds $verisign $geotrust $thawte
is 'what was there before is as it was' cmp "$work/bundle" \
    <(head -c "$(stat -c %s "$work/bundle")" "$bundle")
runs 0 'check: all five' roots check cylance --root "$root" --json
answers 'are present' 'all(.products[].needs[]; .state == "present")'
answers 'GeoTrust is reported expired' '[.products[].needs[]
    | select(.expired) | .name] == ["GeoTrust Global CA"]'
picture "$root" times >"$work/fixed"
fix 0 'a second run' cylance --include-distrusted
picture "$root" times >"$work/after"
is 'changes neither a byte nor a time' diff "$work/fixed" "$work/after"
runs 0 'undo' roots undo --root "$root" --json
answers 'by bytes' '.undo == "bytes" and .count == 3'
is 'the bundle is as it was' cmp "$work/bundle" "$bundle"
picture "$root" >"$work/after"
is 'no file is left behind' diff "$work/before" "$work/after"
runs 0 'undo once more' roots undo --root "$root" --json
answers 'has nothing to do' '.undo == "nothing" and .count == 0'

# --- what a person reads -----------------------------------------------------

runs 0 'a store of one' roots list --store "pem:$work/new.pem"
is 'has 1 certificate' grep -q ': 1 certificate, ' "$work/out"
runs 0 'roots check citrix' roots check citrix --root "$root"
# shellcheck disable=SC2016 # awk reads it
is 'names stand below one another' awk '/^  (present|body unavailable) / {
    at[index($0, "DigiCert")] = 1; lines++ }
    END { for (a in at) columns++; exit !(lines == 2 && columns == 1) }' \
    "$work/out"
runs 0 'product list' product list
# shellcheck disable=SC2016 # awk reads it
is 'counts stand below one another' awk '/ certificates?  / {
    at[index($0, " certificate")] = 1; lines++ }
    END { for (a in at) columns++; exit !(lines > 9 && columns == 1) }' \
    "$work/out"
fix 0 'all five, to be taken back' cylance --include-distrusted
runs 0 'undo' roots undo --root "$root"
is 'says what did it' grep -q "what 'holdfast roots fix' did on 2" "$work/out"
is 'and which certificates go' awk '/removed +thawte Primary Root CA/ { n = 1 }
    /SHA-256 '$thawte'/ { h = n } END { exit !h }' "$work/out"

# --- the system moves on in between ------------------------------------------

cp -a "$root" "$work/pure"
fix 0 'all five again' cylance --include-distrusted
is 'the package changes, and its tool runs' move_on "$root"
is 'the tool keeps what was imported' holds $verisign $geotrust $thawte
is 'the same without us' move_on "$work/pure"
runs 0 'undo' roots undo --root "$root" --json
answers 'by certificates' '.undo == "certificates" and .count == 3'
is 'the bundle is that of the new package' cmp \
    "$work/pure/etc/ssl/certs/ca-certificates.crt" "$bundle"
picture "$work/pure" >"$work/want"
picture "$root" >"$work/after"
is 'and so is all else' diff "$work/want" "$work/after"
is 'the tool runs again' debian_tool "$root"
picture "$root" >"$work/after"
is 'and finds nothing to do' diff "$work/want" "$work/after"

# --- other products ----------------------------------------------------------

rm -rf "$root"
copy_system "$root"
for product in A1 V1 C1; do
    fix 0 "roots fix $product" "$product" --json
    answers "$product: nothing that can be had is missing" \
        '[.products[].needs[] | select(.state == "missing")] == []'
    last_line 'Fixing result is True.'
    picture "$root" times >"$work/fixed"
    fix 0 "$product: a second run" "$product" --json
    answers "$product: has nothing to do" '.installed == []'
    picture "$root" times >"$work/after"
    is "$product: and changes nothing" diff "$work/fixed" "$work/after"
done
while [ "$("$HOLDFAST" roots undo --root "$root" --json | jq -r .undo)" = \
    bytes ]; do :; done
picture "$root" >"$work/after"
is 'all of them undone: every byte is back' diff "$work/before" "$work/after"

end_rows
