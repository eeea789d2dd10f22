#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the files in this folder anew, with keytool and NSS's pk12util. They are
# kept, so that the tests need neither; nothing in them is secret.
#
# usage: tests/data/keystores/make.sh
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for name in A B C; do
    openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 7300 \
        -keyout "$work/$name.key" -out "$work/$name.pem" -subj "/CN=Root $name" \
        -addext 'basicConstraints=critical,CA:TRUE' 2>"$work/said"
done
rm -f ./*.jks ./*.jceks ./*.p12

few=(-J-Dkeystore.pkcs12.certPbeIterationCount=3
    -J-Dkeystore.pkcs12.keyPbeIterationCount=3
    -J-Dkeystore.pkcs12.macIterationCount=3)
store() { # FILE TYPE PASSWORD COMMAND...
    keytool "${@:4}" -keystore "$1" -storetype "$2" -storepass "$3" -noprompt \
        "${few[@]}" "${more[@]}" 2>>"$work/said"
}
import() { # FILE TYPE PASSWORD ROOT
    store "$1" "$2" "$3" -importcert -alias "root $4" -file "$work/$4.pem"
}
key() { # FILE TYPE PASSWORD
    store "$1" "$2" "$3" -genkeypair -alias 'my key' -keyalg EC \
        -groupname secp256r1 -dname CN=leaf -validity 7300
}

more=()
import two.jks JKS changeit A
key two.jks JKS changeit
import two.jks JKS changeit B
import own.jks JKS pässwört-€ A

import secret.jceks JCEKS changeit A
store secret.jceks JCEKS changeit -genseckey -alias 'my secret' -keyalg AES -keysize 128
import secret.jceks JCEKS changeit B

import default.p12 PKCS12 changeit A
key default.p12 PKCS12 changeit
store default.p12 PKCS12 changeit -genseckey -alias 'my secret' -keyalg AES -keysize 128
import default.p12 PKCS12 changeit B
import own.p12 PKCS12 secret A

more=(-J-Dkeystore.pkcs12.legacy=true)
few=()
import legacy.p12 PKCS12 changeit A
more=(-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE
    -J-Dkeystore.pkcs12.macAlgorithm=NONE)
import bare.p12 PKCS12 changeit A
import bare.p12 PKCS12 changeit B

# in BER, as NSS writes it; and one that opens in less time
certutil -N -d "sql:$work" --empty-password
openssl pkcs12 -export -in "$work/C.pem" -inkey "$work/C.key" -name c \
    -passout pass:changeit -out "$work/c.p12"
pk12util -i "$work/c.p12" -d "sql:$work" -W changeit >"$work/said"
pk12util -o nss.p12 -n c -d "sql:$work" -W changeit >"$work/said"
chmod 644 nss.p12
python3 - own.p12 ber.p12 <<'PYTHON'
import sys

def split(der):
    """The elements of der: tag, body."""
    while der:
        size, head = der[1], 2
        if size & 0x80:
            head += size & 0x7F
            size = int.from_bytes(der[2:head], "big")
        yield der[0], der[head:head + size]
        der = der[head + size:]

def ber(der):
    """The same with indefinite lengths, each octet string in two parts."""
    out = b""
    for tag, body in split(der):
        half = len(body) // 2
        if tag & 0x20:
            out += bytes([tag, 0x80]) + ber(body) + b"\0\0"
        elif tag == 4 and 1 < len(body) < 128 * 2:
            out += bytes([0x24, 0x80, 4, half]) + body[:half]
            out += bytes([4, len(body) - half]) + body[half:] + b"\0\0"
        else:
            size = len(body).to_bytes(2, "big")
            out += bytes([tag, 0x82]) + size + body if half > 63 else bytes(
                [tag, len(body)]) + body
    return out

with open(sys.argv[1], "rb") as file:
    pfx = ber(file.read())
with open(sys.argv[2], "wb") as file:
    file.write(pfx)
PYTHON

# with the check sum of RFC 9579, which no tool here writes yet
python3 - bare.p12 pbmac1.p12 <<'PYTHON'
import hashlib, hmac, sys

def tlv(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    head = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + head + body

def oid(text):
    return bytes.fromhex(text)

with open(sys.argv[1], "rb") as file:
    pfx = file.read()
body = pfx[4:]
content = body[3 + 4 + 11 + 4 + 4:] # version, the heads of the content
key = hashlib.pbkdf2_hmac("sha512", b"changeit", b"saltsalt", 7, 48)
digest = hmac.new(key, content, "sha256").digest()
null = tlv(5)
kdf = tlv(0x30, oid("06092a864886f70d01050c"), tlv(
    0x30, tlv(4, b"saltsalt"), tlv(2, b"\7"), tlv(2, b"\x30"),
    tlv(0x30, oid("06082a864886f70d020b"), null)))
scheme = tlv(0x30, oid("06082a864886f70d0209"), null)
algorithm = tlv(0x30, oid("06092a864886f70d01050e"), tlv(0x30, kdf, scheme))
mac = tlv(0x30, tlv(0x30, algorithm, tlv(4, digest)), tlv(4, b"NOT USED"),
          tlv(2, b"\1"))
with open(sys.argv[2], "wb") as file:
    file.write(tlv(0x30, body, mac))
PYTHON
