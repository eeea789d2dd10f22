#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# it/debian_tool.sh - Debian's own update-ca-certificates agrees with what we
# write: it runs for real, on a copy of this machine's store, in a mount
# namespace of its own.
set -u
export LC_ALL=C

helper=$HF_BUILD/tests/store_change
roots=$HF_SOURCE/data/roots
# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/hf-tool-XXXXXX") || exit 1
shown=("$work/said")
trap 'rm -rf "$work"' EXIT
root=$work/root
bundle=$root/etc/ssl/certs/ca-certificates.crt
conf=$root/etc/ca-certificates.conf

# places that the tool looks at, as absolute paths
places=(/etc/ssl /etc/ca-certificates /etc/ca-certificates.conf
    /usr/share/ca-certificates /usr/local/share)

inside() { # COMMAND...: with our tree in those places
    local script="set -e;" place
    for place in "${places[@]}"; do
        script+="mount --bind '$root$place' '$place';"
    done
    unshare -rm bash -c "$script"'exec "$@"' bash "$@" >"$work/said" 2>&1
}

for place in "${places[@]}"; do
    if [ ! -e "$place" ]; then
        echo "1..0 # SKIP no $place here: not Debian, or no ca-certificates"
        exit 0
    fi
    mkdir -p "$root$(dirname "$place")"
    cp -a "$place" "$root$place"
done
# no hooks: they reach places that are not ours; no certificates of this
# machine's administrator: the tool sorts them with ours
rm -rf "$root/etc/ca-certificates/update.d" "$root/usr/local/share"
mkdir -p "$root/var/lib/holdfast" "$root/usr/local/share/ca-certificates"
: >"$work/said"
if ! inside update-ca-certificates --fresh; then
    echo "1..0 # SKIP no mount namespace, or no update-ca-certificates:" \
        "$(tail -1 "$work/said")"
    exit 0
fi

picture() {
    (cd "$root" && find . -path ./var/lib/holdfast -prune -o -printf \
        '%p %y %m %l\n' | sort &&
        find . -path ./var/lib/holdfast -prune -o -type f -print0 | sort -z |
        xargs -0 cat) | sha256sum
}

run() { "$helper" "$@" >"$work/said" 2>&1; }
agrees() { # the tool changes nothing
    local before
    before=$(picture)
    inside update-ca-certificates "$@" && [ "$before" = "$(picture)" ]
}

cat "$roots/geotrust-global-ca.pem" "$roots/thawte-primary-root-ca.pem" \
    >"$work/add.pem"
first=$(picture)

run add "$root" "$work/add.pem"
ok $? "add two roots"
inside openssl verify -CApath /etc/ssl/certs -no_check_time "$work/add.pem"
ok $? "OpenSSL finds them by their links"
agrees
ok $? "the tool changes nothing"
agrees --fresh
ok $? "the tool, from scratch, makes the same"
run undo "$root" && [ "$(cat "$work/said")" = bytes ] &&
    [ "$first" = "$(picture)" ]
ok $? "undo by bytes"

run add "$root" "$work/add.pem"
cp "$roots/utn-userfirst-object.pem" \
    "$root/usr/share/ca-certificates/mozilla/a_new_root.crt"
echo "mozilla/a_new_root.crt" >>"$conf"
inside update-ca-certificates
before=$(grep -c BEGIN "$bundle")
run undo "$root" && [ "$(cat "$work/said")" = certificates ]
ok $? "undo after the package brought a new root"
[ "$(grep -c BEGIN "$bundle")" -eq $((before - 2)) ] &&
    [ -z "$(find "$root" -name '*holdfast-*' -print -quit)" ]
ok $? "exactly ours are gone"
agrees
ok $? "the tool changes nothing"

second=$(picture)
run remove "$root" "$roots/digicert-global-root-ca.pem" &&
    grep -q '^!mozilla/DigiCert_Global_Root_CA.crt$' "$conf"
ok $? "remove one of the distribution's"
agrees
ok $? "the tool changes nothing"
run undo "$root" && [ "$second" = "$(picture)" ]
ok $? "undo"

# A file of the administrator's that the tool sorts after ours.
cp "$roots/verisign-universal-root.pem" \
    "$root/usr/local/share/ca-certificates/zz.crt"
inside update-ca-certificates
third=$(picture)
run add "$root" "$work/add.pem" && inside update-ca-certificates &&
    run undo "$root" && [ "$(cat "$work/said")" = certificates ] &&
    [ "$third" = "$(picture)" ]
ok $? "undo after the tool sorted ours among others leaves no trace"

end_rows
