#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One machine, three opinions: a server that the system's bundle trusts and Java
# or an NSS profile does not, and the other way round.
set -uo pipefail

# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
for tool in jq openssl keytool certutil; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
enter "$@"

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shown=("$work/out" "$work/err")
root=$work/root
certs=$root/etc/ssl/certs
java=$certs/java/cacerts
nss=$root/home/user/.pki/nssdb
port=8712
ip link set lo up

hf() { # ARGUMENT...
    status=0
    "$HOLDFAST" "$@" --root "$root" >"$work/out" 2>"$work/err" || status=$?
}

codes='[.findings[] | select(.severity != "note") | .code]'

# --- a system, a keystore, a profile, a server ---------------------------------

mkdir -p "$certs/java" "$root/usr/share/ca-certificates" \
    "$root/usr/local/share/ca-certificates" "$nss"
cp "$HF_SOURCE/data/roots/isrg-root-x1.pem" "$root/usr/share/ca-certificates/a.crt"
echo a.crt >"$root/etc/ca-certificates.conf"
cp "$HF_SOURCE/data/roots/isrg-root-x1.pem" "$certs/ca-certificates.crt"
printf 'root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n' \
    >"$root/etc/passwd"
keytool -importcert -noprompt -alias isrg -storetype JKS -storepass changeit \
    -file "$HF_SOURCE/data/roots/isrg-root-x1.pem" -keystore "$java" \
    >"$work/out" 2>&1
certutil -N -d "sql:$nss" --empty-password
(
    cd "$work" || exit 3
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days 90 -subj '/O=Example Corp/CN=Example Corp Root' -keyout ca.key \
        -out ca.pem -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -subj /CN=localhost -keyout key.pem -out leaf.csr
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -days 30 \
        -CAcreateserial -out leaf.pem -extfile <(
            printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n'
            printf 'extendedKeyUsage=serverAuth\n'
        )
) 2>"$work/err"
openssl s_server -accept "127.0.0.1:$port" -cert "$work/leaf.pem" \
    -key "$work/key.pem" -www -quiet >"$work/server" 2>&1 &
server=$!
sleep 0.5

hf doctor "localhost:$port" --no-fetch --json
told 'nobody trusts it: a private root that nothing here knows' \
    "$codes == [\"HF1201\"]"
told 'three stores were looked at' \
    '[.stores[].stack] == ["OpenSSL", "NSS", "Java"] or
        [.stores[].stack] == ["OpenSSL", "Java", "NSS"]'

# --- the system alone -----------------------------------------------------------

hf roots add "$work/ca.pem" --store system
ended 0 'the root goes into the system'
hf doctor "localhost:$port" --no-fetch --json
ended 1 'that is not enough'
told 'one finding for each store that lacks it' "$codes == [\"HF1218\", \"HF1218\"]"
told 'one names the keystore' \
    '[.findings[].summary] | any(test("programs that go by Java refuse it") and
        test("java/cacerts. lacks .Example Corp Root"))'
told 'one names the profile' \
    '[.findings[].summary] | any(test("programs that go by NSS refuse it"))'
told 'by the system alone the server is trusted' '.hosts[0].trusted'

# --- all three ------------------------------------------------------------------

hf roots add "$work/ca.pem" --store "java:$java" --store "nss:$nss"
ended 0 'the root goes into both'
hf doctor "localhost:$port" --no-fetch --json
ended 0 'now all are of one mind'
is 'keytool finds it in the keystore' bash -c \
    "keytool -list -keystore '$java' -storepass changeit | grep -qi 'example'"
is 'certutil finds it in the profile' bash -c \
    "certutil -L -d 'sql:$nss' | grep -q 'Example Corp Root.*C,'"

# --- Java alone -----------------------------------------------------------------

hf roots remove 'Example Corp Root' --store system --store "nss:$nss"
hf doctor "localhost:$port" --no-fetch --json
ended 1 'Java alone trusts it'
told 'the system lacks what Java has' \
    '[.findings[] | select(.code == "HF1218") | .summary] | any(
        test("programs that go by OpenSSL refuse it"))'
told 'the cause is told once for the system' \
    '[.findings[] | select(.code == "HF1201")] == []'

# --- refused by one --------------------------------------------------------------

hf roots add "$work/ca.pem" --store system
certutil -A -d "sql:$nss" -n 'Example Corp Root' -t p,p,p -i "$work/ca.pem"
hf doctor "localhost:$port" --no-fetch --json
told 'a profile that refuses the root is told so' \
    '[.findings[] | select(.code == "HF1218") | .summary] == [
        .findings[] | select(.code == "HF1218") | .summary |
            select(test("refuses .Example Corp Root"))]'

kill "$server"
end_rows
