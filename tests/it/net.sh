#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every way in which a look or a fetch can end, against real servers and bad
# ones, in a network, mount and process namespace of its own.
set -uo pipefail

if [ -z "${NET_INSIDE:-}" ]; then
    own=(--net --mount --pid --fork --kill-child --mount-proc)
    [ "$(id -u)" = 0 ] || own+=(--map-root-user)
    if ! unshare "${own[@]}" true 2>/dev/null; then
        echo '1..0 # SKIP no network namespaces here'
        exit 0
    fi
    NET_INSIDE=1 exec unshare "${own[@]}" bash "$0"
fi

unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
net_look=$HF_BUILD/tests/net_look
# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
shown=("$work/out")

# All PATTERNs stand in the output of the command.
see() { # TITLE PATTERN... -- WORD...
    local title=$1 good=yes pattern
    local patterns=()
    shift
    while [ "$1" != -- ]; do
        patterns+=("$1")
        shift
    done
    shift
    "$net_look" "$@" >"$work/out" 2>&1 || good=no
    for pattern in "${patterns[@]}"; do
        grep -qE -- "$pattern" "$work/out" || {
            good=no
            echo "missing: $pattern" >>"$work/out"
        }
    done
    row "$good" "$title"
}

# --- the machine: addresses, names, certificates, servers ------------------

network() {
    ip link set lo up
    # swallows whatever is sent; not every kernel has both kinds
    ip link add void type dummy 2>"$work/ip.err" || ip link add void type ifb
    ip address add 192.0.2.1/24 dev void
    ip link set void up
    ip route add unreachable 198.51.100.0/24
    cat >"$work/hosts" <<'END'
127.0.0.1 good.test
::1 six.test
192.0.2.77 two.test
192.0.2.1 two.test
192.0.2.77 mixed.test
127.0.0.1 mixed.test
198.51.100.1 mixed.test
END
    printf 'nameserver 192.0.2.53\noptions timeout:30 attempts:1\n' \
        >"$work/resolv.conf"
    mount --bind "$work/hosts" /etc/hosts
    mount --bind "$work/resolv.conf" "$(realpath /etc/resolv.conf)"
    printf 'hosts: files dns\n' >"$work/nsswitch.conf"
    mount --bind "$work/nsswitch.conf" /etc/nsswitch.conf
}

sign() { # NAME SUBJECT CA EXTENSION
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
    printf '%s\n' "$4" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -days 30 \
        -set_serial "0x$(openssl rand -hex 8)" -extfile "$1.ext" \
        -out "$1.pem" 2>/dev/null
}

pki() {
    cd "$work" || exit 3
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout root.key -out root.pem -days 60 -subj /CN=root 2>/dev/null
    sign middle /CN=middle root basicConstraints=critical,CA:TRUE
    sign leaf /CN=good.test middle subjectAltName=DNS:good.test
    cat leaf.pem middle.pem >chain.pem
    openssl req -x509 -newkey rsa:512 -sha1 -nodes -keyout weak.key \
        -out weak.pem -days 60 -subj /CN=weak.test 2>/dev/null
    printf 'V\t491231235959Z\t\t%s\tunknown\t/CN=good.test\n' \
        "$(openssl x509 -in leaf.pem -noout -serial | sed 's/.*=//')" >index
    openssl ocsp -issuer middle.pem -cert leaf.pem -reqout ocsp.req \
        >/dev/null 2>&1
    openssl ocsp -index index -CA middle.pem -rsigner middle.pem \
        -rkey middle.key -reqin ocsp.req -respout ocsp.der >/dev/null 2>&1
    # one SCT of nonsense, in the extension of TLS 1.2 and of TLS 1.3
    printf '\0\22\0\6\0\4\0\2ab' | openssl base64 >sct.b64
    {
        echo '-----BEGIN SERVERINFO FOR SCT-----'
        cat sct.b64
        echo '-----END SERVERINFO FOR SCT-----'
    } >sct12.pem
    printf '\0\0\20\200\0\22\0\6\0\4\0\2ab' | openssl base64 >sct.b64
    {
        echo '-----BEGIN SERVERINFOV2 FOR SCT-----'
        cat sct.b64
        echo '-----END SERVERINFOV2 FOR SCT-----'
    } >sct13.pem
}

nginx_conf() {
    cat <<END
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 512; }
http {
    access_log off;
    ssl_protocols TLSv1.2 TLSv1.3;
    client_body_temp_path $work/b;
    proxy_temp_path $work/p;
    fastcgi_temp_path $work/f;
    uwsgi_temp_path $work/u;
    scgi_temp_path $work/s;
    ssl_certificate $work/chain.pem;
    ssl_certificate_key $work/leaf.key;
    ssl_client_certificate $work/root.pem;
    server { listen 8001 ssl; listen [::]:8001 ssl; }
    server { listen 8002 ssl; ssl_protocols TLSv1.2; }
    server { listen 8003 ssl; ssl_protocols TLSv1.2; ssl_verify_client on; }
    server { listen 8004 ssl; ssl_protocols TLSv1.3; ssl_verify_client on; }
    server { listen 8005 ssl; ssl_stapling on;
             ssl_stapling_file $work/ocsp.der; }
    server { listen 8006; root $work; }
    server { listen 8007 ssl; server_name good.test;
             ssl_certificate $work/root.pem; ssl_certificate_key $work/root.key;
             }
    server { listen 8007 ssl default_server; }
    server { listen 8008 ssl default_server; ssl_reject_handshake on; }
}
END
}

s_server() { # PORT WORD...
    local port=$1
    shift
    openssl s_server -accept "$port" -quiet "$@" >>"$work/s_server.log" 2>&1 \
        </dev/zero &
}

servers() {
    nginx_conf >"$work/nginx.conf"
    nginx -c "$work/nginx.conf" 2>"$work/nginx.err" &
    s_server 9001 -cert "$work/leaf.pem" -key "$work/leaf.key" -tls1 \
        -cipher ALL:@SECLEVEL=0
    s_server 9002 -cert "$work/weak.pem" -key "$work/weak.key" \
        -cipher ALL:@SECLEVEL=0 -tls1_2
    s_server 9003 -nocert -cipher aNULL:@SECLEVEL=0 -tls1_2
    s_server 9004 -cert "$work/leaf.pem" -key "$work/leaf.key" -tls1_2 \
        -serverinfo "$work/sct12.pem"
    s_server 9005 -cert "$work/leaf.pem" -key "$work/leaf.key" -tls1_3 \
        -serverinfo "$work/sct13.pem"
    python3 "$HF_SOURCE/tests/it/net_servers.py" >"$work/servers.log" \
        2>"$work/servers.err" < <(sleep 600) &
    for _ in $(seq 100); do
        grep -q ready "$work/servers.log" && ss -ltn | grep -q :8008 &&
            ss -ltn | grep -q :9005 && return
        sleep 0.1
    done
    echo "Bail out! the servers do not start"
    cat "$work"/*.err "$work/s_server.log" | sed 's/^/# /'
    exit 1
}

hash_of() { # FILE
    openssl x509 -in "$1" -outform DER | sha256sum | cut -d' ' -f1
}

network
pki
servers
leaf=$(hash_of "$work/leaf.pem")
middle=$(hash_of "$work/middle.pem")

# --- looks that see certificates --------------------------------------------

see "nginx: the chain as sent, leaf first" 'end=done finished=1 alert=-1' \
    'version=TLSv1.3' 'address=127.0.0.1 ' "certs=2 cert0=$leaf cert1=$middle" \
    'hello=1' 'detail=""' -- look 127.0.0.1 8001
see "nginx: by IPv6" 'end=done' 'address=::1 ' -- look ::1 8001
see "a name of /etc/hosts" 'end=done' 'address=127.0.0.1 ' -- \
    look good.test 8001
see "TLS 1.2" 'end=done' 'version=TLSv1.2' "cert0=$leaf" -- look 127.0.0.1 8002
see "TLS 1.0 alone" 'end=done' 'version=TLSv1 ' -- look 127.0.0.1 9001
see "a key of 512 bits and SHA-1" 'end=done' 'certs=1' -- look 127.0.0.1 9002
see "TLS 1.2 and a client certificate wanted: seen" 'end=done finished=' \
    'client_cert=1' "cert0=$leaf" -- look 127.0.0.1 8003
see "TLS 1.3 and a client certificate wanted: seen" 'end=done finished=1' \
    'client_cert=1' "cert0=$leaf" -- look 127.0.0.1 8004
see "no client certificate wanted: said so" 'client_cert=0' -- \
    look 127.0.0.1 8001
see "a staple is taken" 'end=done' 'staple=[1-9]' -- look 127.0.0.1 8005
see "no staple" 'staple=0' 'sct=0' -- look 127.0.0.1 8001
see "SCTs in TLS 1.2" 'end=done' 'sct=1' -- look 127.0.0.1 9004
see "SCTs in TLS 1.3" 'end=done' 'sct=1' -- look 127.0.0.1 9005
see "SNI chooses the certificate" "cert0=$(hash_of "$work/root.pem")" -- \
    look good.test 8007
see "SNI of its own" "cert0=$(hash_of "$work/root.pem")" -- \
    look sni=good.test. 127.0.0.1 8007
see "no SNI for an address" "cert0=$leaf" -- look 127.0.0.1 8007

now=$(date +%s)
"$net_look" look date=1 good.test 8001 >"$work/out"
date_s=$(sed -n 's/.* date=\([0-9]*\) .*/\1/p' "$work/out")
[ -n "$date_s" ] && [ $((date_s - now)) -ge -5 ] && [ $((date_s - now)) -le 5 ] &&
    good=yes || good=no
row "$good" "the server's date is read"
see "no date from who does not speak HTTP: still seen" 'end=done' 'date=0' -- \
    look date=1 handshake=700 127.0.0.1 9004
see "the date of who wants a client certificate" 'end=done' 'date=0|date=1' \
    'client_cert=1' -- look date=1 127.0.0.1 8004

# --- looks that see none ----------------------------------------------------

see "a closed port" 'end=closed' 'Connection refused' 'address=127.0.0.1' -- \
    look 127.0.0.1 7999
see "no route" 'end=no-route' 'Network is unreachable' -- look 203.0.113.1 443
see "a router says no" 'end=no-route' 'No route to host' -- \
    look 198.51.100.1 443
see "no answer to SYN" 'end=silent' 'no answer from 192.0.2.9 port 443' \
    'hello=0' -- look connect=300 192.0.2.9 443
see "one address silent, the other good: raced" 'end=done' \
    'address=192.0.2.1 ' 'connect=[0-9]{1,3} ' -- look two.test 8001
see "addresses differ: a refusal is told first" 'end=closed' \
    'Connection refused; 2 more addresses failed' -- \
    look connect=700 mixed.test 7999
see "a name server that is silent" 'end=no-name' \
    'no answer from the name servers within 400 ms' -- \
    look resolve=400 nowhere.test 443
"$net_look" look resolve=20000 nowhere.test 443 >"$work/out" &
victim=$!
for _ in $(seq 50); do
    [ "$(pgrep -xc net_look)" = 2 ] && break
    sleep 0.1
done
before=$(pgrep -xc net_look)
kill -9 "$victim"
wait "$victim" 2>/dev/null
for _ in $(seq 50); do
    pgrep -x net_look >/dev/null || break
    sleep 0.1
done
[ "$before" = 2 ] && ! pgrep -x net_look >/dev/null && good=yes || good=no
row "$good" "a resolver that is stuck dies with its parent"
see "what cannot be a name" 'end=no-name' 'cannot be the name' -- \
    look 'a b' 443
ip route add unreachable 192.0.2.53
see "a name server out of reach" 'end=no-name' \
    "'nowhere.test': Temporary failure in name resolution" -- \
    look nowhere.test 443
ip route del unreachable 192.0.2.53

see "accepts and says nothing" 'end=silent' 'no answer to the TLS hello' \
    'hello=0' -- look handshake=300 127.0.0.1 7001
see "a mail server" 'end=not-tls' 'first=323230206d61696c' \
    'it said "220 mail.test ESMTP"' 'hello=0' -- look 127.0.0.1 7002
see "an SSH server that resets" 'end=not-tls' 'SSH-2.0-OpenSSH_9.2p1' -- \
    look 127.0.0.1 7003
see "a web server without TLS" 'end=not-tls' 'HTTP/1.1 400 Bad Request' -- \
    look 127.0.0.1 7004
see "nginx without TLS" 'end=not-tls' 'first=' -- look 127.0.0.1 8006
see "no escape sequence of a stranger" 'end=not-tls' \
    'it said "\\x1b\]0;owned' -- look 127.0.0.1 7014
see "reset after the hello" 'end=cut' 'reset right after our hello' 'hello=0' \
    -- look 127.0.0.1 7005
see "closed after the hello" 'end=cut' 'closed the connection right after' -- \
    look 127.0.0.1 7006
see "closed before the hello" 'end=cut' -- look 127.0.0.1 7012
see "reset before the hello" 'end=cut' -- look 127.0.0.1 7015
see "an alert" 'end=alert finished=0 alert=40' 'handshake failure' 'hello=1' \
    -- look 127.0.0.1 7007
see "s_server without a certificate: alert 40" 'end=alert finished=0 alert=40' \
    -- look 127.0.0.1 9003
see "nginx that rejects the name: alert 112" 'end=alert finished=0 alert=112' \
    -- look good.test 8008
see "silent in the middle" 'end=silent' 'fell silent in the middle' 'hello=1' \
    -- look handshake=300 127.0.0.1 7008
see "reset in the middle" 'end=cut' 'reset in the middle' 'hello=1' -- \
    look 127.0.0.1 7009
see "a garbled certificate" 'end=failed' 'our TLS library refused' 'certs=0' \
    -- look 127.0.0.1 7010
see "certificates of nothing but zeros" 'end=failed' 'certs=0' -- \
    look 127.0.0.1 7011
see "a record that never ends" 'end=(silent|failed)' -- \
    look handshake=500 127.0.0.1 7013
see "certificates of 16 MB announced" 'end=failed' 'refused' -- \
    look 127.0.0.1 7016

# --- proxies ----------------------------------------------------------------

export https_proxy=http://ann:pw@127.0.0.1:7101
see "through a proxy that wants a password" 'end=done' 'address= ' \
    'proxy=127.0.0.1:7101 ' "cert0=$leaf" -- look behind.test 8001
grep -qx 'connect: CONNECT behind.test:8001' "$work/servers.log" && good=yes ||
    good=no
row "$good" "CONNECT names the host"
see "an IPv6 address behind a proxy" 'end=done' -- look ::1 8001
grep -qx 'connect: CONNECT \[::1\]:8001' "$work/servers.log" && good=yes ||
    good=no
row "$good" "CONNECT puts brackets around an IPv6 address"
no_proxy=127.0.0.0/8 see "no_proxy goes around it" 'end=done' 'proxy= ' \
    'address=127.0.0.1 ' -- look 127.0.0.1 8001
see "nothing behind the proxy" 'end=proxy' 'the proxy answered 502 Bad Gateway' \
    -- look 127.0.0.1 7999
see "what cannot be a name, behind a proxy" 'end=no-name' -- look 'a b' 443
https_proxy=127.0.0.1:7101 see "no password for the proxy" 'end=proxy' \
    'the proxy answered 407 Proxy Authentication Required' 'wants a user name' \
    -- look 127.0.0.1 8001
https_proxy=127.0.0.1:7999 see "no proxy there" 'end=proxy' \
    'proxy 127.0.0.1: 127.0.0.1 port 7999: Connection refused' -- \
    look good.test 8001
https_proxy=http://nowhere.test:1 see "a proxy that does not resolve" \
    'end=proxy' "'nowhere.test'" -- look resolve=300 good.test 8001
https_proxy=192.0.2.9:3128 see "a proxy that is silent to SYN" 'end=proxy' \
    'no answer from 192.0.2.9' -- look connect=300 good.test 8001
https_proxy=127.0.0.1:7102 see "a proxy that is none" 'end=proxy' \
    'not HTTP: "SSH-2.0-x' -- look good.test 8001
https_proxy=127.0.0.1:7103 see "a proxy that is silent" 'end=proxy' \
    'no answer from the proxy within' -- look connect=300 good.test 8001
https_proxy=127.0.0.1:7104 see "a proxy with a head that is too long" \
    'end=proxy' 'not HTTP' -- look good.test 8001
https_proxy=127.0.0.1:7105 see "a proxy's text cannot reach a terminal" \
    'end=proxy' '403 For\\x1b' -- look good.test 8001
https_proxy=127.0.0.1:7107 see "a proxy that closes" 'end=proxy' \
    'closed the connection without an answer' -- look good.test 8001
https_proxy=127.0.0.1:7108 see "a proxy that resets" 'end=proxy' \
    'Connection reset' -- look good.test 8001
https_proxy=127.0.0.1:7109 see "a banner right behind the proxy's answer" \
    'end=not-tls' '220 mail.test' -- look good.test 8001
unset https_proxy

# --- fetches ----------------------------------------------------------------

echo 'a file' >"$work/file"
see "a file of nginx" 'status=200 bytes=7 detail=""' -- \
    fetch http://127.0.0.1:8006/file
see "a file by name and IPv6" 'at=0 status=200' 'at=1 status=200' -- \
    fetch http://good.test:8006/file 'http://[::1]:7201/'
see "with a length" 'status=200 bytes=5' -- fetch http://127.0.0.1:7201/
see "to the end of the connection" 'status=200 bytes=5' -- \
    fetch http://127.0.0.1:7202/
see "404" 'status=404 bytes=0 detail="HTTP 404 Not Found"' -- \
    fetch http://127.0.0.1:7203/
see "a redirect is not followed" 'status=302 bytes=0' \
    'to "http://127.0.0.1:7201/"; redirects are not followed' -- \
    fetch http://127.0.0.1:7204/
see "larger than allowed, and says so" 'bytes=0' '100000 bytes, more than' -- \
    fetch http://127.0.0.1:7205/
see "as large as allowed" 'status=200 bytes=100000' -- \
    fetch max=100000 http://127.0.0.1:7205/
see "without an end" 'bytes=0' 'more than the 65536 bytes' -- \
    fetch http://127.0.0.1:7206/
see "a byte at a time" 'bytes=0' 'not complete within 400 ms' -- \
    fetch ms=400 http://127.0.0.1:7207/
see "a head that comes a byte at a time" 'status=0' 'not complete within' -- \
    fetch ms=400 http://127.0.0.1:7213/
see "cut short" 'bytes=0' 'after 5 of 10 bytes' -- fetch http://127.0.0.1:7208/
see "in chunks" 'bytes=0' 'transfer coding' -- fetch http://127.0.0.1:7209/
see "a head that is too long" 'status=0 bytes=0' 'over 8192 bytes' -- \
    fetch http://127.0.0.1:7210/
see "not HTTP" 'status=0 bytes=0' 'not HTTP' -- fetch http://127.0.0.1:7211/
see "silent" 'status=0' 'not complete within 300 ms' -- \
    fetch ms=300 http://127.0.0.1:7212/
see "more than the length says" 'status=200 bytes=5' -- \
    fetch http://127.0.0.1:7214/
see "the length ends it, not the connection" 'status=200 bytes=5' -- \
    fetch http://127.0.0.1:7215/
see "reset instead of an answer" 'status=0' 'Connection reset' -- \
    fetch http://127.0.0.1:7216/
see "reset in a body without a length" 'bytes=0' 'Connection reset' -- \
    fetch http://127.0.0.1:7217/
see "a closed port for a fetch" 'status=0' 'Connection refused' -- \
    fetch http://127.0.0.1:7999/
see "a host that is silent" 'status=0' 'could not connect|no answer' -- \
    fetch ms=300 http://192.0.2.9/
see "not http" 'status=0' 'not an http:// URL' -- fetch https://127.0.0.1/
http_proxy=http://ann:pw@127.0.0.1:7106 see "through a proxy" 'status=200' -- \
    fetch 'http://far.test:81/a?b#c'
grep -qx 'request: GET http://far.test:81/a?b HTTP/1.0 auth' \
    "$work/servers.log" && good=yes || good=no
row "$good" "a proxy is asked in absolute form, with the password"
words=()
for i in $(seq 40); do
    words+=("http://127.0.0.1:7201/$i")
done
"$net_look" fetch "${words[@]}" >"$work/out"
[ "$(grep -c 'status=200 bytes=5' "$work/out")" = 40 ] && good=yes || good=no
row "$good" "forty files, sixteen at once"

# --- many at once -----------------------------------------------------------

words=()
for i in $(seq 1 50); do
    words+=("127.0.1.$i" 8001 127.0.0.1 7999 127.0.0.1 7001 127.0.0.1 7005)
done
began=$(date +%s%N)
"$net_look" look handshake=800 parallel=200 "${words[@]}" >"$work/out"
took=$((($(date +%s%N) - began) / 1000000))
good=yes
for end in 'done' closed silent cut; do
    [ "$(grep -c "end=$end " "$work/out")" = 50 ] || good=no
done
row "$good" "200 at once: each has its own end"
[ "$took" -lt 4000 ] && good=yes || good=no
row "$good" "200 at once: those that are silent do not add up ($took ms)"
[ "$(sed -n 's/^ticks=//p' "$work/out")" -ge 10 ] && good=yes || good=no
row "$good" "the tick ticks meanwhile"
(
    ulimit -n 80
    "$net_look" look handshake=150 parallel=200 "${words[@]}"
) >"$work/out"
[ "$(grep -c 'end=done' "$work/out")" = 50 ] &&
    ! grep -q 'Too many open files' "$work/out" && good=yes || good=no
row "$good" "few files may be open: fewer at once, all seen"

end_rows
