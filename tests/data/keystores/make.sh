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

# in BER, as NSS writes it
certutil -N -d "sql:$work" --empty-password
openssl pkcs12 -export -in "$work/C.pem" -inkey "$work/C.key" -name c \
    -passout pass:changeit -out "$work/c.p12"
pk12util -i "$work/c.p12" -d "sql:$work" -W changeit >"$work/said"
pk12util -o ber.p12 -n c -d "sql:$work" -W changeit >"$work/said"
