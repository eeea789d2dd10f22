#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Looks at 1,000 hosts against bare OpenSSL handshakes: at least 60 % of their
# rate. Two nginx processes on 1,000 loopback addresses, chains of two, in a
# network namespace of its own.
set -uo pipefail

if [ -z "${LOOK_INSIDE:-}" ]; then
    own=(--net --pid --fork --kill-child --mount-proc)
    [ "$(id -u)" = 0 ] || own+=(--map-root-user)
    if ! unshare "${own[@]}" true 2>/dev/null; then
        echo "look skipped: no network namespaces here"
        exit 0
    fi
    LOOK_INSIDE=1 exec unshare "${own[@]}" bash "$0"
fi

cd "$(dirname "$0")/.." || exit 3
bench=${LOOK_BENCH:-build/bench/look_bench}
bound=0.60
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pair() { # NAME KEY-TYPE... : a root, and a leaf below it
    local name=$1
    shift
    openssl req -x509 "$@" -nodes -days 30 -subj "/CN=root of $name" \
        -keyout "$work/$name-root.key" -out "$work/$name-root.pem" 2>/dev/null
    openssl req -new "$@" -nodes -subj "/CN=$name.test" \
        -keyout "$work/$name.key" -out "$work/$name.csr" 2>/dev/null
    printf 'subjectAltName=DNS:%s.test\n' "$name" >"$work/$name.ext"
    openssl x509 -req -in "$work/$name.csr" -CA "$work/$name-root.pem" \
        -CAkey "$work/$name-root.key" -set_serial 1 -days 30 \
        -extfile "$work/$name.ext" -out "$work/$name-leaf.pem" 2>/dev/null
    cat "$work/$name-leaf.pem" "$work/$name-root.pem" >"$work/$name.pem"
}

server() { # NAME PORT
    cat <<END
    server {
        listen $2 ssl reuseport backlog=4096;
        ssl_certificate $work/$1.pem;
        ssl_certificate_key $work/$1.key;
    }
END
}

conf() { # NUMBER
    cat <<END
daemon off;
master_process off;
pid $work/nginx$1.pid;
error_log $work/nginx.log crit;
events { worker_connections 8192; }
http {
    access_log off;
    client_body_temp_path $work/b$1;
    proxy_temp_path $work/p$1;
    fastcgi_temp_path $work/f$1;
    uwsgi_temp_path $work/u$1;
    scgi_temp_path $work/s$1;
    ssl_protocols TLSv1.2 TLSv1.3;
$(server ecdsa 1443)
$(server rsa 2443)
}
END
}

ip link set lo up
ulimit -n "$(ulimit -Hn)"
pair ecdsa -newkey ec -pkeyopt ec_paramgen_curve:P-256
pair rsa -newkey rsa:2048
for i in 1 2; do
    conf "$i" >"$work/nginx$i.conf"
    nginx -c "$work/nginx$i.conf" 2>"$work/nginx.err" &
done
for _ in $(seq 50); do
    [ "$(ss -ltn | grep -c ':[12]443')" -ge 4 ] && break
    sleep 0.1
done

missed=0
for key in ecdsa:1443 rsa:2443; do
    line=$("$bench" "${key%:*}" "${key#*:}" "${LOOK_HOSTS:-1000}" \
        "${LOOK_PARALLEL:-128}" 5) || missed=1
    echo "$line bound=$bound"
    awk -v line="$line" -v bound="$bound" 'BEGIN {
        sub(/.*ratio=/, "", line); exit line + 0 < bound }' || missed=1
done
exit $missed
