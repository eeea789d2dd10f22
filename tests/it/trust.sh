#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# p11-kit's trust beside us: it reads the bundle we write, we read what it
# extracts, in each of its formats.
set -uo pipefail

# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
bundle=/etc/ssl/certs/ca-certificates.crt
for tool in jq trust openssl; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
[ -e $bundle ] || skip_all "this system has no $bundle"
enter "$@"

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shown=("$work/out" "$work/err")

hf() { # ARGUMENT...
    status=0
    "$HOLDFAST" "$@" --root "$work" >"$work/out" 2>"$work/err" || status=$?
}

listed() { # does trust list our root?
    trust list --filter=ca-anchors 2>/dev/null | grep -q 'Trust Peer Root'
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 \
    -subj '/O=Example/CN=Trust Peer Root' -keyout "$work/key" \
    -out "$work/ca.pem" -addext basicConstraints=critical,CA:TRUE 2>"$work/err"
cp $bundle "$work/bundle.pem"
hf roots add "$work/ca.pem" --store "pem:$work/bundle.pem"
ended 0 'the root goes into the bundle'
mount --bind "$work/bundle.pem" $bundle
is 'trust lists it' listed

for format in pem-bundle java-cacerts openssl-bundle; do
    trust extract --format=$format --filter=ca-anchors --purpose=server-auth \
        "$work/$format" 2>"$work/err"
done
hf roots diff "pem:$work/pem-bundle" "java:$work/java-cacerts"
ended 0 'its bundle and its keystore hold the same for us'
hf roots diff "pem:$work/pem-bundle" "pem:$work/openssl-bundle"
ended 0 'so does its bundle of trusted certificates'
hf roots list "java:$work/java-cacerts" --json
trust list --filter=ca-anchors --purpose=server-auth >"$work/list" 2>"$work/err"
told 'we count what it counts' \
    ".certificates | length == $(grep -c '^pkcs11:' "$work/list")"

umount $bundle
hf roots remove 'Trust Peer Root' --store "pem:$work/bundle.pem"
mount --bind "$work/bundle.pem" $bundle
row "$(listed || echo yes)" 'removed, trust lists it no more'
umount $bundle
end_rows
