#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Java's own keytool reads what we write, and we read what it writes: JKS,
# JCEKS, PKCS#12 with and without encryption; private keys still open.
set -uo pipefail
export LC_ALL=C.UTF-8

# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"

for tool in keytool openssl jq; do
    command -v $tool >/dev/null || skip_all "$tool is not installed"
done

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
stores=$root/stores
state=$root/var/lib/holdfast
mkdir -p "$state" "$stores"
shown=("$work/said" "$work/keytool")
touch "$work/said" "$work/keytool"
roots=$HF_SOURCE/data/roots

# the interpreter alone starts twice as fast
java=(-J-Xshare:auto -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC)
# the few rounds make the test fast, and are kept by what we write
few=(-J-Dkeystore.pkcs12.certPbeIterationCount=100
    -J-Dkeystore.pkcs12.keyPbeIterationCount=100
    -J-Dkeystore.pkcs12.macIterationCount=100)

hf() { "$HOLDFAST" "$@" --root "$root" >"$work/said" 2>&1 </dev/null; }
says() { grep -qF -- "$1" "$work/said"; }
store() { # FILE COMMAND...
    keytool "${java[@]}" "${few[@]}" "${@:2}" -keystore "$stores/$1" \
        -storepass "${password:-changeit}" -noprompt >"$work/keytool" 2>&1
}
import() { # FILE ALIAS ROOT WORD...
    store "$1" -importcert -alias "$2" -file "$roots/$3.pem" "${@:4}"
}
fingerprints() { # of a -list, on standard input
    sed -n 's/^Certificate fingerprint (SHA-256): //p' | tr -d : |
        tr A-F a-f | sort
}
by_keytool() { # FILE
    store "$1" -list && fingerprints <"$work/keytool"
}
by_us() { # FILE [WORD...]: the anchors
    "$HOLDFAST" roots list --json --store "java:$stores/$1" --root "$root" \
        "${@:2}" 2>"$work/said" | jq -r '.certificates[] |
        select(.standing == "anchor") | .sha256' | sort
}
same() { # TITLE FILE [WORD...]: do both see the same, and something?
    local theirs ours
    theirs=$(by_keytool "$2")
    ours=$(by_us "${@:2}")
    row "$([ -n "$theirs" ] && [ "$theirs" = "$ours" ] && echo yes)" "$1"
}
add() { # FILE ROOT WORD...
    hf roots add "$roots/$2.pem" --force --store "java:$stores/$1" "${@:3}"
}
sha() { # ROOT
    openssl x509 -in "$roots/$1.pem" -noout -fingerprint -sha256 |
        sed 's/.*=//' | tr -d : | tr A-F a-f
}

# --- every format ---

import a.jks one amazon-root-ca-1 -storetype JKS
import a.jceks one amazon-root-ca-1 -storetype JCEKS
store a.jceks -genseckey -alias secret -keyalg AES -keysize 128 \
    -storetype JCEKS
import a.p12 one amazon-root-ca-1 -storetype PKCS12
import bare.p12 one amazon-root-ca-1 -storetype PKCS12 \
    -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE \
    -J-Dkeystore.pkcs12.macAlgorithm=NONE
import old.p12 one amazon-root-ca-1 -storetype PKCS12 \
    -J-Dkeystore.pkcs12.legacy=true
for file in a.jks a.jceks a.p12 bare.p12 old.p12; do
    [ "$(by_us $file)" = "$(sha amazon-root-ca-1)" ]
    ok $? "$file: what keytool wrote, we read"
    before=$(picture "$root")
    add $file isrg-root-x1
    ok $? "$file: add a root"
    theirs=$(by_keytool $file | sort)
    if [ $file = a.jceks ]; then
        grep -q '^secret, .*SecretKeyEntry' "$work/keytool"
        ok $? "$file: keytool lists the secret key"
    fi
    [ "$theirs" = "$(printf '%s\n' "$(sha amazon-root-ca-1)" \
        "$(sha isrg-root-x1)" | sort)" ] && [ "$theirs" = "$(by_us $file)" ]
    ok $? "$file: keytool lists both, and so do we"
    after=$(picture "$root" times)
    add $file isrg-root-x1 && [ "$after" = "$(picture "$root" times)" ]
    ok $? "$file: adding it again changes nothing"
    hf roots undo && [ "$before" = "$(picture "$root")" ]
    ok $? "$file: undo, byte for byte"
done

# --- a private key ---

for file in key.jks key.p12; do
    type=PKCS12
    [ $file = key.p12 ] || type=JKS
    store $file -genkeypair -alias 'My Key' -keyalg EC -groupname secp256r1 \
        -dname CN=leaf.example -storetype $type
    import $file two digicert-global-root-ca
    import $file three digicert-global-root-g2
    before=$(picture "$root")
    add $file isrg-root-x1 &&
        hf roots remove "$(sha digicert-global-root-ca)" \
            --store "java:$stores/$file"
    ok $? "$file: one comes, one goes"
    store $file -list -v
    row "$([ "$(grep -c '^Entry type: trustedCertEntry' "$work/keytool")" = 2 ] &&
        grep -qi '^Alias name: my key' "$work/keytool" &&
        grep -qi '^Alias name: isrg-root-x1' "$work/keytool" &&
        grep -qi '^Alias name: three' "$work/keytool" && echo yes)" \
        "$file: keytool lists what is left, by name"
    if [ $type = JKS ]; then
        cp "$stores/$file" "$work/copy"
        is "$file: the private key opens" keytool "${java[@]}" -importkeystore \
            -srckeystore "$work/copy" -destkeystore "$work/copy.p12" \
            -srcstorepass changeit -deststorepass changeit \
            -srcalias 'my key' -noprompt
    else
        cp "$stores/$file" "$work/copy.p12"
    fi
    openssl pkcs12 -in "$work/copy.p12" -passin pass:changeit -nodes -nocerts \
        -out "$work/key.pem" 2>"$work/said" &&
        openssl pkey -in "$work/key.pem" -pubout -out "$work/key.pub" &&
        store $file -exportcert -alias 'my key' -rfc -file "$work/leaf.pem" &&
        openssl x509 -in "$work/leaf.pem" -pubkey -noout |
        cmp -s - "$work/key.pub"
    ok $? "$file: OpenSSL opens the private key, and it is the same"
    hf roots undo && hf roots undo && [ "$before" = "$(picture "$root")" ]
    ok $? "$file: undo twice, byte for byte"
done

# --- after keytool has changed it ---

add a.p12 isrg-root-x1 && import a.p12 four digicert-global-root-g2 &&
    hf roots undo && says 'ISRG Root X1'
ok $? 'undo after keytool has changed the keystore'
[ "$(by_us a.p12)" = "$(printf '%s\n' "$(sha amazon-root-ca-1)" \
    "$(sha digicert-global-root-g2)" | sort)" ]
ok $? 'exactly ours is gone'
same 'keytool lists the same' a.p12
hf roots remove --all Root --store "java:$stores/a.p12" &&
    hf roots remove --all Amazon --store "java:$stores/a.p12"
store a.p12 -list && grep -q 'contains 0 entries' "$work/keytool"
ok $? 'keytool opens one from which all is removed'

# --- a password of its own ---

password='other secret'
echo "$password" >"$work/password"
echo 'wrong secret' >"$work/wrong"
for file in own.jks own.p12; do
    type=PKCS12
    [ $file = own.p12 ] || type=JKS
    import $file one amazon-root-ca-1 -storetype $type
    before=$(picture "$root")
    add $file isrg-root-x1
    row "$([ $? != 0 ] && says --store-password-file &&
        [ "$before" = "$(picture "$root")" ] && echo yes)" \
        "$file: without its password it is not changed"
    add $file isrg-root-x1 --store-password-file "$work/wrong"
    row "$([ $? != 0 ] && says 'another password' &&
        [ "$before" = "$(picture "$root")" ] && echo yes)" \
        "$file: nor with another"
    add $file isrg-root-x1 --store-password-file "$work/password"
    same "$file: with it, it is" $file --store-password-file "$work/password"
done
unset password

# --- a JDK, found by itself ---

jdk=$root/usr/lib/jvm/java-99
mkdir -p "$jdk/lib/security" "$root/etc/ssl/certs/java" \
    "$root/usr/lib/jvm/other/lib/security"
cp "$stores/a.jks" "$root/etc/ssl/certs/java/cacerts"
cp "$stores/bare.p12" "$root/usr/lib/jvm/other/lib/security/cacerts"
ln -s /etc/ssl/certs/java/cacerts "$jdk/lib/security/cacerts"
"$HOLDFAST" roots list --json --root "$root" 2>"$work/said" |
    jq -r '.stores[] | select(.name | startswith("java:")) |
    .name + " " + .kind' | sort >"$work/found"
row "$([ "$(cat "$work/found")" = "java:$root/etc/ssl/certs/java/cacerts \
JKS keystore
java:$root/usr/lib/jvm/other/lib/security/cacerts PKCS#12 keystore" ] &&
    echo yes)" 'keystores below the root are found, each once' "$work/found"
hf roots add "$roots/isrg-root-x1.pem" --store "java:$jdk" &&
    [ -L "$jdk/lib/security/cacerts" ] &&
    ! cmp -s "$stores/a.jks" "$root/etc/ssl/certs/java/cacerts"
ok $? "a JDK's folder names its keystore, links followed below the root"

cacerts=/etc/ssl/certs/java/cacerts
if [ -r $cacerts ]; then
    theirs=$(keytool "${java[@]}" -list -keystore $cacerts -storepass changeit \
        2>"$work/keytool" | fingerprints)
    ours=$("$HOLDFAST" roots list --json --store java:$cacerts 2>"$work/said" |
        jq -r '.certificates[].sha256' | sort)
    row "$([ -n "$theirs" ] && [ "$theirs" = "$ours" ] && echo yes)" \
        "this machine's keystore: keytool and we see the same \
$(wc -l <<<"$ours")"
else
    skip "this machine's keystore" 'there is none'
fi
end_rows
