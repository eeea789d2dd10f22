#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# 1,000 hosts looked at and judged, against bare OpenSSL handshakes: at least 60 % of their
# rate. Two nginx processes on 1,000 ports a key type, chains of three, in a
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

pair() { # NAME KEY-TYPE... : a root, an intermediate, and a leaf below them
    local name=$1
    shift
    openssl req -x509 "$@" -nodes -days 30 -subj "/CN=root of $name" \
        -keyout "$work/$name-root.key" -out "$work/$name-root.pem" 2>/dev/null
    signed "$name" mid root 'basicConstraints=critical,CA:TRUE' "$@"
    signed "$name" leaf mid 'subjectAltName=IP:127.0.0.1' "$@"
    cat "$work/$name-leaf.pem" "$work/$name-mid.pem" >"$work/$name.pem"
}

signed() { # NAME WHO BY EXTENSION KEY-TYPE...
    local name=$1 who=$2 by=$3 extension=$4
    shift 4
    openssl req -new "$@" -nodes -subj "/CN=$who of $name" \
        -keyout "$work/$name-$who.key" -out "$work/$name.csr" 2>/dev/null
    printf '%s\n' "$extension" >"$work/$name.ext"
    openssl x509 -req -in "$work/$name.csr" -CA "$work/$name-$by.pem" \
        -CAkey "$work/$name-$by.key" -set_serial 1 -days 30 \
        -extfile "$work/$name.ext" -out "$work/$name-$who.pem" 2>/dev/null
}

server() { # NAME PORT
    cat <<END
    server {
        listen 127.0.0.1:$2-$(($2 + 999)) ssl reuseport;
        ssl_certificate $work/$1.pem;
        ssl_certificate_key $work/$1-leaf.key;
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
$(server ecdsa 10000)
$(server rsa 20000)
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
    [ "$(ss -Hltn | wc -l)" -ge 4000 ] && break
    sleep 0.1
done

missed=0
for key in ecdsa:10000 rsa:20000; do
    # the machine's own store, so that the judge has a real one to search
    cat /etc/ssl/certs/ca-certificates.crt "$work/${key%:*}-root.pem" \
        >"$work/anchors.pem"
    line=$("$bench" "${key%:*}" "${key#*:}" "${LOOK_HOSTS:-1000}" \
        "${LOOK_PARALLEL:-128}" 5 "$work/anchors.pem") || missed=1
    echo "$line bound=$bound"
    awk -v line="$line" -v bound="$bound" 'BEGIN {
        sub(/.*ratio=/, "", line); exit line + 0 < bound }' || missed=1
done
exit $missed
