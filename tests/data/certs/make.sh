#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the files in this folder anew, with openssl and keytool. They are kept,
# so that the tests need neither; nothing in them is secret.
#
# usage: tests/data/certs/make.sh
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

key() { # NAME
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
        -out "$work/$1.key"
}

# NAME SUBJECT ISSUER-NAME EXTENSIONS...
cert() {
    local name=$1 subject=$2 issuer=$3
    shift 3
    printf '%s\n' "$@" >"$work/$name.ext"
    openssl req -new -key "$work/$name.key" -subj "$subject" -out "$work/$name.csr"
    if [ "$name" = "$issuer" ]; then
        openssl x509 -req -in "$work/$name.csr" -days 7300 -set_serial "0x${#name}1" \
            -signkey "$work/$name.key" -extfile "$work/$name.ext" -out "$work/$name.pem"
    else
        openssl x509 -req -in "$work/$name.csr" -days 7300 -set_serial "0x${#name}2" \
            -CA "$work/$issuer.pem" -CAkey "$work/$issuer.key" \
            -extfile "$work/$name.ext" -out "$work/$name.pem"
    fi 2>/dev/null
}

for name in root between leaf; do key "$name"; done
cert root '/O=Test/CN=Root' root 'basicConstraints=critical,CA:TRUE' \
    'keyUsage=critical,keyCertSign,cRLSign' 'subjectKeyIdentifier=hash'
cert between '/O=Test/CN=Between' root 'basicConstraints=critical,CA:TRUE' \
    'keyUsage=critical,keyCertSign,cRLSign' 'subjectKeyIdentifier=hash' \
    'authorityKeyIdentifier=keyid'
cert leaf '/O=Test/CN=Leaf' between 'basicConstraints=CA:FALSE' \
    'extendedKeyUsage=serverAuth' 'subjectAltName=DNS:host.example,IP:192.0.2.1' \
    'subjectKeyIdentifier=hash' 'authorityKeyIdentifier=keyid'

cat "$work"/{leaf,between,root}.pem >chain.pem
for name in leaf between root; do
    openssl x509 -in "$work/$name.pem" -outform DER -out "$name.der"
done
cat leaf.der between.der >two.der
openssl x509 -in "$work/leaf.pem" -trustout -addtrust serverAuth -out trusted.pem

openssl crl2pkcs7 -nocrl -certfile chain.pem -out chain.p7b.pem
openssl crl2pkcs7 -nocrl -certfile chain.pem -outform DER -out chain.p7b
# -stream writes indefinite lengths
printf 'content' >"$work/content"
openssl cms -sign -in "$work/content" -signer "$work/leaf.pem" -inkey "$work/leaf.key" \
    -certfile "$work/between.pem" -stream -outform DER -out ber.p7b

p12() { # FILE PASSWORD OPTION...
    local file=$1 password=$2
    shift 2
    openssl pkcs12 -export -in "$work/leaf.pem" -inkey "$work/leaf.key" \
        -certfile "$work/between.pem" -passout "pass:$password" "$@" -out "$file"
}
p12 modern.p12 secret
p12 legacy.p12 secret -legacy
p12 empty.p12 ''
p12 quick.p12 secret -iter 1
p12 plain.p12 secret -certpbe NONE -nomac
p12 costly.p12 secret -iter 2000001
rm -f java.p12
keytool -importcert -noprompt -alias root -file root.der -keystore java.p12 \
    -storetype PKCS12 -storepass secret -J-Dkeystore.pkcs12.certPbeIterationCount=10000 \
    2>/dev/null

chmod 644 ./*.p12

touch "$work/index"
printf '01\n' >"$work/crlnumber"
cat >"$work/ca.cnf" <<CNF
[ca]
default_ca=one
[one]
database=$work/index
crlnumber=$work/crlnumber
default_md=sha256
default_crl_days=7200
CNF
openssl ca -config "$work/ca.cnf" -gencrl -keyfile "$work/between.key" \
    -cert "$work/between.pem" -out between.crl.pem 2>/dev/null
openssl ca -config "$work/ca.cnf" -revoke "$work/leaf.pem" \
    -keyfile "$work/between.key" -cert "$work/between.pem" 2>/dev/null
openssl ca -config "$work/ca.cnf" -gencrl -keyfile "$work/between.key" \
    -cert "$work/between.pem" -out revoked.crl.pem 2>/dev/null
openssl crl -in revoked.crl.pem -outform DER -out revoked.crl
cat "$work/leaf.pem" between.crl.pem "$work/leaf.key" "$work/between.pem" >mixed.pem

python3 - >scrypt.p12 <<'PYTHON'
"""A PKCS#12 that asks for more blocks of scrypt than anybody should pay for:
N * r * p is 2^20 * 1 * 2^10. Nothing is in it."""
import sys


def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    head = bytes([n]) if n < 128 else bytes([0x82, n >> 8, n & 255])
    return bytes([tag]) + head + body


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = [first * 40 + second]
    for arc in rest:
        digits = [arc & 127]
        while arc := arc >> 7:
            digits.insert(0, arc & 127 | 128)
        out += digits
    return tlv(6, bytes(out))


def number(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


scrypt = tlv(0x30, oid("1.3.6.1.4.1.11591.4.11"),
             tlv(0x30, tlv(4, b"saltsalt"), number(1 << 20), number(1),
                 number(1 << 10)))
aes = tlv(0x30, oid("2.16.840.1.101.3.4.1.42"), tlv(4, bytes(16)))
pbes2 = tlv(0x30, oid("1.2.840.113549.1.5.13"), tlv(0x30, scrypt, aes))
encrypted = tlv(0x30, number(0),
                tlv(0x30, oid("1.2.840.113549.1.7.1"), pbes2,
                    tlv(0x80, bytes(32))))
safe = tlv(0x30, tlv(0x30, oid("1.2.840.113549.1.7.6"), tlv(0xA0, encrypted)))
content = tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(4, safe)))
sys.stdout.buffer.write(tlv(0x30, number(3), content))
PYTHON
