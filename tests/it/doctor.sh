#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real servers, each wrong in its own way: the doctor names the cause, and no
# other, in JSON and in text. The servers are those of lab.sh.
set -uo pipefail

# shellcheck source=tests/it/lab.sh
source "$HF_SOURCE/tests/it/lab.sh"
command -v jq >/dev/null || skip_all 'jq is not installed'
lab_enter "$@"
lab_start
root=$LAB_ROOT

# --- one question a row, many at once ---------------------------------------

titles=() statuses=() causes=()
declare -A running=()

# Runs a command beside others, at most 16 at once.
beside() { # WORD...
    local gone
    while [ "${#running[@]}" -ge 16 ]; do
        wait -n -p gone "${!running[@]}"
        unset "running[$gone]"
    done
    "$@" &
    running[$!]=1
}

doctor() { # FILE WORD...   (VARIABLE=VALUE first)
    local file=$1 vars=() status=0
    shift
    while [[ $1 == *=* && $1 != -* ]]; do
        vars+=("$1")
        shift
    done
    env "${vars[@]}" "$HOLDFAST" doctor --root "$root" "$@" >"$file" \
        2>"$file.err" || status=$?
    echo "$status" >"$file.status"
}

# Asks the doctor, twice: for JSON and for text. CAUSES "" is healthy.
want() { # TITLE CAUSES WORD...
    local n=${#titles[@]} title=$1 status=1
    [ -n "$2" ] || status=0
    titles+=("$title") causes+=("$2") statuses+=("$status")
    shift 2
    beside doctor "$work/$n.json" "$@" --json
    beside doctor "$work/$n.txt" "$@"
}

# What is wrong with the answer, a line each.
complaints() {
    cat <<'JQ'
([.findings[].cause] | unique | join(" ")) as $got
| (if $got != $want then "causes: \($got)" else empty end),
  (if .result != $result then "result: \(.result)" else empty end),
  (if ([.hosts[].causes[]] | unique | join(" ")) != $want
   then "the hosts' causes are others" else empty end),
  (.findings | group_by([.subject, .cause])[] | select(length > 1)
   | "\(.[0].cause) of \(.[0].subject) is told twice"),
  (.findings[] | select((.evidence | length) == 0 or any(.evidence[]; . == ""))
   | "\(.code) without evidence"),
  (.findings[] | select((.remedies | length) == 0
                        or any(.remedies[]; .text == ""))
   | "\(.code) without a remedy"),
  (.findings[] | select(.summary | length < 20) | "\(.code) without summary"),
  (.findings[] | .subject as $s
   | select(any($hosts[]; . == $s) | not) | "\(.code) is about \($s)")
JQ
}

answer_json() { # NUMBER
    local n=$1 file=$work/$1.json result=findings
    [ -n "${causes[$n]}" ] || result=healthy
    {
        [ "$(cat "$file.status")" = "${statuses[$n]}" ] ||
            echo "exit status: $(cat "$file.status")"
        jq -r --arg want "${causes[$n]}" --arg result "$result" \
            '[.hosts[] | (if .host | contains(":") then "[\(.host)]"
                          else .host end) + ":\(.port)"] as $hosts | '"$(complaints)" \
            "$file" 2>&1
    } >"$work/wrong"
    [ -s "$work/wrong" ] && good=no || good=yes
    row "$good" "${titles[$n]}: ${causes[$n]:-healthy}" "$work/wrong" \
        "$file.err" "$file"
}

# The text says the same: every code, every summary's subject, no other code.
answer_text() { # NUMBER
    local n=$1 file=$work/$1.txt
    {
        [ "$(cat "$file.status")" = "${statuses[$n]}" ] ||
            echo "exit status: $(cat "$file.status")"
        jq -r '.findings[].code, .notes[].code' "$work/$n.json" |
            sort -u >"$work/codes.json"
        grep -oE 'HF[0-9]{4}' "$file" | sort -u |
            comm -13 "$work/codes.json" - | sed 's/^/only in the text: /'
        jq -r '.findings[] | .code, .subject' "$work/$n.json" |
            while read -r word; do
                grep -qF -- "$word" "$file" || echo "not in the text: $word"
            done
        ! grep -q $'\033' "$file" || echo 'escape sequences in a pipe'
        [ ! -s "$file.err" ] || echo 'something on standard error'
    } >"$work/wrong"
    [ -s "$work/wrong" ] && good=no || good=yes
    row "$good" "${titles[$n]}: the text too" "$work/wrong" "$file.err" "$file"
}

# One thing more about an answer: a jq filter that must be true.
also() { # TITLE NUMBER FILTER
    jq -e "$3" "$work/$2.json" >"$work/is" 2>&1 && good=yes || good=no
    row "$good" "$1" "$work/is" "$work/$2.json"
}

last() { # the number of the question asked last
    echo $((${#titles[@]} - 1))
}

proxy=http://ann:pw@127.0.0.1:7101
healthy_address=$(sed -n 's/ healthy\.lab\.test$//p' "$work/lab/hosts")

# the slow ones first
want 'accepts and says nothing' unreachable bad.lab.test:7001
silent=$(last)
want 'drops every SYN' unreachable full.lab.test:443
want 'silent, and told to wait for a second' unreachable --timeout 1 bad.lab.test:7001
[ -z "$lab_void" ] || want 'packets vanish' unreachable void.lab.test:443
void=$(last)

want 'a sound server' '' healthy.lab.test:443
want 'the root is sent too' '' with-root.lab.test:443
want 'RSA of 2048 bits' '' rsa.lab.test:443
want 'a wildcard' '' wildcard.lab.test:443
want 'not revoked' '' with-crl.lab.test:443
want 'no port named: 443' '' healthy.lab.test
want 'by IPv4 address' '' 127.0.3.1:443
want 'by IPv6 address' '' '[::1]:443'
want 'a client certificate is demanded' '' client-cert.lab.test:443
client_cert=$(last)
want 'a product and its server' '' labagent healthy.lab.test:443

want 'root missing' root-missing root-missing.lab.test:443
root_missing=$(last)
want 'root missing, and sent' root-missing root-missing-sent.lab.test:443
want 'leaf alone, its issuer by AIA' missing-intermediate aia.lab.test:443
aia=$(last)
want 'leaf alone, AIA not fetched' missing-intermediate --no-fetch aia.lab.test:443
want 'leaf alone, of a trusted house' missing-intermediate house.lab.test:443
want 'leaf alone, its issuer seen elsewhere' missing-intermediate \
    other.lab.test:443 other-full.lab.test:443
other=$(last)
want 'expired' expired expired.lab.test:443
want 'an issuer that expired' expired expired-issuer.lab.test:443
want 'not yet valid' not-yet-valid not-yet-valid.lab.test:443
want 'another name' name-mismatch name-mismatch.lab.test:443
want 'a name, asked by address' name-mismatch "$healthy_address:443"
want 'self-signed' self-signed self-signed.lab.test:443
want 'private root' untrusted-root untrusted.lab.test:443
want 'private root, and sent' untrusted-root untrusted-sent.lab.test:443
want "a root that bears a trusted one's name" untrusted-root \
    namesake.lab.test:443
want 'RSA of 1024 bits' weak-key weak-key.lab.test:443
want 'SHA-1' weak-signature weak-signature.lab.test:443
want 'for clients only' wrong-usage wrong-usage.lab.test:443
want 'common name only' no-san no-san.lab.test:443
want 'issued by a server' not-a-ca not-a-ca.lab.test:443
want 'a CA too many' path-length path-length.lab.test:443
want 'outside the names allowed' name-constraint name-constraint.lab.test:443
want 'revoked by CRL' revoked revoked.lab.test:443
revoked=$(last)
want 'inspected by a known product' inspection inspected.lab.test:443
inspected=$(last)
want 'inspected, its root not sent' inspection inspected-alone.lab.test:443
want 'inspected, its root trusted' inspection inspected-trusted.lab.test:443
inspected_trusted=$(last)
want 'inspected without a name, two public hosts' inspection \
    mail.lab-one.com:443 www.lab-two.net:443
want 'one host of a private root is not inspected' untrusted-root \
    mail.lab-one.com:443
want 'no such name' unreachable nowhere.lab.test:443
no_name=$(last)
want 'closed port' unreachable closed.lab.test:443
closed=$(last)
want 'no route' unreachable far.lab.test:443
no_route=$(last)
want 'plain HTTP' not-tls 127.0.0.80:80
want 'an SSH server' not-tls bad.lab.test:7003
want 'a mail server' not-tls bad.lab.test:7002
want 'reset after the hello' connection-cut bad.lab.test:7005
want 'closed after the hello' connection-cut bad.lab.test:7006
want 'the name is refused' sni sni.lab.test:443

want 'expired and another name' 'expired name-mismatch' expired-named.lab.test:443
want 'expired and private root' 'expired untrusted-root' \
    expired-untrusted.lab.test:443
want 'inspected though the product forbids it' inspection agent.bypass.test:443
bypass=$(last)
want 'the same, and the product named' inspection labagent \
    agent.bypass.test:443
want 'what breaks in two years' expired --at +700d healthy.lab.test:443
at=$(last)
want 'what was two months ago' not-yet-valid --at "@$((EPOCHSECONDS - 60 * 86400))" \
    healthy.lab.test:443
want 'an expired one, judged for last spring' '' \
    --at "@$((EPOCHSECONDS - 200 * 86400))" expired.lab.test:443

want 'in any order, one too many' '' disordered.lab.test:443
want 'a list that is not to be had' '' no-crl.lab.test:443
want 'a final dot' '' healthy.lab.test.:443
want 'capitals' '' HEALTHY.Lab.Test:443
want 'the wrong issuer sent' missing-intermediate wrong-issuer.lab.test:443
want 'issuer and root missing' 'missing-intermediate root-missing' \
    both-missing.lab.test:443
want 'root missing and expired' 'expired root-missing' \
    root-missing-expired.lab.test:443
want 'private root and another name' 'name-mismatch untrusted-root' \
    untrusted-named.lab.test:443
want 'inspected and expired' 'expired inspection' inspected-expired.lab.test:443
want 'expired and RSA of 1024 bits' 'expired weak-key' weak-expired.lab.test:443
want 'a revoked issuer' revoked revoked-issuer.lab.test:443
want 'an issuer of RSA with 1024 bits' weak-key weak-issuer.lab.test:443
want 'a trusted root that expired' root-expired root-ended.lab.test:443
want 'for mail only' wrong-usage mail.lab.test:443
want 'a critical extension nobody knows' chain-invalid strange.lab.test:443
want 'a name too deep for the wildcard' name-mismatch a.b.lab.test:443

want 'through a proxy' '' https_proxy=$proxy behind.test:443
through=$(last)
want 'a fault behind a proxy' expired https_proxy=$proxy expired.lab.test:443
want 'no_proxy goes around it' '' https_proxy=http://127.0.0.1:7999 \
    no_proxy=.lab.test healthy.lab.test:443
want 'nothing behind the proxy' unreachable https_proxy=$proxy \
    closed.lab.test:443
want 'the proxy wants a password' unreachable \
    https_proxy=http://127.0.0.1:7101 behind.test:443
no_password=$(last)
want 'the proxy is not there' unreachable https_proxy=http://127.0.0.1:7999 \
    healthy.lab.test:443

printf '%s\n' '# servers' expired.lab.test "  revoked.lab.test:443 " '' \
    self-signed.lab.test:443 healthy.lab.test:443 healthy.lab.test:443 closed.lab.test:443 \
    >"$work/hosts"
want 'hosts of a file' 'expired revoked self-signed unreachable' \
    --hosts "$work/hosts"
hosts_file=$(last)
everything=()
for name in healthy expired not-yet-valid name-mismatch self-signed untrusted \
    weak-key weak-signature wrong-usage no-san not-a-ca revoked inspected aia \
    root-missing client-cert rsa with-crl closed nowhere; do
    everything+=("$name.lab.test:443")
done
want 'twenty at once' "expired inspection missing-intermediate name-mismatch \
no-san not-a-ca not-yet-valid revoked root-missing self-signed unreachable \
untrusted-root weak-key weak-signature wrong-usage" "${everything[@]}"
twenty=$(last)
wait "${!running[@]}"

for n in "${!titles[@]}"; do
    answer_json "$n"
    answer_text "$n"
done

code() { # CODE: a filter
    echo "[.findings[].code] == [\"$1\"]"
}
says() { # TEXT: a filter: it stands in a summary or in evidence
    echo "any(.findings[] | .summary, .evidence[]; contains(\"$1\"))"
}
also 'silence is told from a closed port' "$silent" "$(code HF1503)"
[ -z "$lab_void" ] ||
    also 'so are packets that vanish' "$void" "$(code HF1503)"
also 'a closed port has its code' "$closed" "$(code HF1502)"
also 'no route has its code' "$no_route" "$(code HF1504)"
also 'no name has its code' "$no_name" "$(code HF1501)"
also 'a client certificate demanded is a note' "$client_cert" \
    '[.notes[] | select(.subject != "system") | .cause]
        == ["client-cert-required"]'
also 'a root that is missing can be repaired' "$root_missing" \
    'any(.findings[].remedies[]; .automatic)'
also 'it is named, with its hash' "$root_missing" \
    "$(says "Lab Product Root") and $(says "$(lab_sha256 "$work/lab/missing.pem")")"
also 'an issuer that was fetched makes it certain' "$aia" \
    '.findings[0].certainty == "certain"'
also 'one seen elsewhere too' "$other" '.findings[0].certainty == "certain"'
also 'it is about the host that lacks it' "$other" \
    "[.findings[].subject] == [\"other.lab.test:443\"]"
also 'who revoked it, and why' "$revoked" \
    "$(says 'Lab Issuing CA') and $(says keyCompromise)"
also 'the inspector is named' "$inspected" "$(says Fortigate) and $(code HF1210)"
also 'trusted, it is a warning' "$inspected_trusted" \
    "$(code HF1212) and .findings[0].severity == \"warning\" and $(says Zscaler)"
also 'the product that needs a bypass is named' "$bypass" \
    "$(code HF1211) and $(says 'Lab Agent')"
also 'its remedy names what to exempt' "$bypass" \
    'any(.findings[].remedies[]; .text | contains("*.bypass.test"))'
also 'the time asked about is in the evidence' "$at" \
    "$(says "$(TZ=UTC printf '%(%Y-%m-%d)T' $((EPOCHSECONDS + 700 * 86400)))")"
also 'the proxy is in the answer, its password not' "$through" \
    '(.hosts[0].proxy == "127.0.0.1:7101") and (tostring | contains("pw@") | not)'
also 'a proxy that refuses has its code' "$no_password" \
    "$(code HF1505) and $(says 407)"
also 'a host named twice is looked at once' "$hosts_file" '.hosts | length == 5'
jq -r '.findings[] | [.subject, .cause] | join(" ")' "$work/$twenty.json" |
    sort >"$work/got"
for name in expired not-yet-valid name-mismatch self-signed weak-key \
    weak-signature wrong-usage no-san not-a-ca revoked root-missing; do
    echo "$name.lab.test:443 $name"
done >"$work/unsorted"
cat >>"$work/unsorted" <<LIST
untrusted.lab.test:443 untrusted-root
inspected.lab.test:443 inspection
aia.lab.test:443 missing-intermediate
closed.lab.test:443 unreachable
nowhere.lab.test:443 unreachable
LIST
sort "$work/unsorted" >"$work/list"
is 'twenty at once: each its own' diff "$work/list" "$work/got"

# --- a wrong clock -----------------------------------------------------------

if command -v faketime >/dev/null; then
    faketime -f +400d "$HOLDFAST" doctor --root "$root" --json \
        healthy.lab.test:443 with-root.lab.test:443 >"$work/clock" 2>"$work/err"
    jq -e '[.findings[].cause] == ["clock-wrong"]' "$work/clock" \
        >"$work/is" 2>&1 && good=yes || good=no
    row "$good" 'a clock a year ahead: clock-wrong' "$work/err" "$work/clock"
else
    skip 'a clock a year ahead: clock-wrong' 'faketime is not installed'
fi

# --- repair ------------------------------------------------------------------

cp -a "$root" "$work/fix"
root=$work/fix
bundle=$root/etc/ssl/certs/ca-certificates.crt
picture "$root" >"$work/before"

# The exit status of the doctor, whose answer is in $work/out.
status_of() { # WORD...
    doctor "$work/out" "$@"
    cat "$work/out.status"
}

hopeless=(untrusted-sent.lab.test:443 inspected.lab.test:443 self-signed.lab.test:443
    expired.lab.test:443 inspected-trusted.lab.test:443 other.lab.test:443)
[ "$(status_of --fix "${hopeless[@]}")" = 1 ] && good=yes || good=no
row "$good" '--fix: what a server must repair stays a finding' "$work/out"
picture "$root" >"$work/after"
is '--fix imports no private root, no inspector' \
    diff "$work/before" "$work/after"

status_of --fix --json root-missing.lab.test:443 >"$work/status"
jq -e --arg want "$(lab_sha256 "$work/lab/missing.pem")" \
    '[.installed[].sha256] == [$want]' "$work/out" >"$work/is" 2>&1 && good=yes ||
    good=no
row "$good" '--fix imports the root that is missing' "$work/out" \
    "$work/out.err"
is '--fix: healthy afterwards' grep -qx 0 "$work/status"
is 'curl agrees' curl -sS -o /dev/null --cacert "$bundle" \
    https://root-missing.lab.test/
[ "$(status_of root-missing.lab.test:443)" = 0 ] && good=yes || good=no
row "$good" 'the second run is healthy' "$work/out" "$work/out.err"
picture "$root" times >"$work/fixed"
[ "$(status_of --fix root-missing.lab.test:443)" = 0 ] && good=yes || good=no
row "$good" 'a second --fix finds nothing to do' "$work/out" "$work/out.err"
picture "$root" times >"$work/after"
is 'and touches nothing' diff "$work/fixed" "$work/after"
is 'roots undo' "$HOLDFAST" roots undo --root "$root"
picture "$root" >"$work/after"
is 'undo brings every byte back' diff "$work/before" "$work/after"
[ "$(status_of root-missing.lab.test:443)" = 1 ] && good=yes || good=no
row "$good" 'and the root is missing again' "$work/out" "$work/out.err"
[ "$(status_of --fix --json labproduct root-missing.lab.test:443)" = 0 ] &&
    [ "$(grep -c BEGIN "$bundle")" = 4 ] && good=yes || good=no
row "$good" '--fix: product and server want the same root once' "$work/out" \
    "$work/out.err"
root=$LAB_ROOT

# shellcheck source=tests/it/lab/manners.sh
source "$HF_SOURCE/tests/it/lab/manners.sh"
end_rows
