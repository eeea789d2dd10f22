#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A lab of real TLS servers, most of them wrong in one way each, in a network,
# mount and process namespace of its own: nothing leaks out, all ends with it.
#
# usage: tests/it/lab.sh [COMMAND...]     (a shell when none is named)
# runs COMMAND in the lab; $LAB_ROOT is a system to name with --root.
#
# Tests source it: lab_enter comes first, then lab_start.
HF_SOURCE=${HF_SOURCE:-$(realpath "${BASH_SOURCE[0]%/*}/../..")}
export HF_SOURCE

# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
# shellcheck source=tests/it/lab/pki.sh
source "$HF_SOURCE/tests/it/lab/pki.sh"

lab_enter() { # WORD...
    command -v nginx >/dev/null || skip_all 'nginx is not installed'
    enter "$@"
}

lab_start() {
    umask 022
    unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy \
        NO_PROXY
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    chmod 755 "$work"
    mkdir -p "$work/lab/www"
    LAB_ROOT=$work/root
    export LAB_ROOT
    cd "$work/lab" || exit 3
    lab_network
    pki_begin
    roots
    leaves
    revocations
    lab_hosts
    lab_servers
    lab_root "$LAB_ROOT"
    cd "$work" || exit 3
}

lab_network() {
    ip link set lo up
    # swallows whatever is sent; not every kernel has one of the two
    lab_void=
    if ip link add void type dummy 2>ip.err ||
        ip link add void type ifb 2>>ip.err; then
        ip address add 192.0.2.1/24 dev void
        ip link set void up
        # shellcheck disable=SC2034 # for those who source this
        lab_void=192.0.2.9
    fi
    ip route add unreachable 198.51.100.0/24
    echo '127.0.0.1 localhost' >hosts
    echo 'hosts: files' >nsswitch.conf
    mount --bind hosts /etc/hosts
    mount --bind nsswitch.conf /etc/nsswitch.conf
}

# Names of servers that nginx does not serve.
lab_hosts() {
    cat >>hosts <<'HOSTS'
127.0.0.80 pki.lab.test
127.0.3.7 bad.lab.test
127.0.3.8 closed.lab.test
127.0.3.9 full.lab.test
192.0.2.9 void.lab.test
198.51.100.1 far.lab.test
HOSTS
}

nginx_head() {
    cat <<CONF
daemon off;
user root;
master_process off;
pid $PWD/nginx.pid;
error_log $PWD/nginx.log;
events { worker_connections 512; }
http {
    access_log $PWD/access.log;
    client_body_temp_path $PWD/t1;
    proxy_temp_path $PWD/t2;
    fastcgi_temp_path $PWD/t3;
    uwsgi_temp_path $PWD/t4;
    scgi_temp_path $PWD/t5;
    ssl_protocols TLSv1.2 TLSv1.3;
    server { listen 127.0.0.80:80; root $PWD/www; }
CONF
}

# One server: what NAME.chain and NAME.key hold, at an address of its own.
lab_serve() { # NAME HOST ADDRESS DIRECTIVE...
    local name=$1 host=$2 address=$3
    shift 3
    [ -z "$host" ] || echo "${address//[\[\]]/} $host" >>hosts
    printf '    server { listen %s:443 ssl; ssl_certificate %s.chain;\n' \
        "$address" "$PWD/$name" >>nginx.conf
    printf '             ssl_certificate_key %s.key; %s }\n' "$PWD/$name" \
        "$*" >>nginx.conf
}

lab_serve_all() {
    local n=0 name extra
    nginx_head >nginx.conf
    for name in *.chain; do
        name=${name%.chain} extra=
        n=$((n + 1))
        case $name in
        address | behind) continue ;;
        weak-*) extra='ssl_ciphers ALL:@SECLEVEL=0;' ;;
        client-cert)
            extra="ssl_verify_client on; ssl_client_certificate $PWD/root.pem;"
            ;;
        esac
        lab_serve "$name" "$(lab_name "$name")" "127.0.1.$n" "$extra"
    done
    lab_serve address '' 127.0.3.1
    lab_serve address '' '[::1]'
    # reached through a proxy only, which knows the name
    lab_serve behind '' 127.0.0.1
    lab_serve healthy sni.lab.test 127.0.3.2 'ssl_reject_handshake on;'
    echo '}' >>nginx.conf
}

# The name a server is asked by.
lab_name() { # CERTIFICATE
    case $1 in
    agent) echo agent.bypass.test ;;
    two-levels) echo a.b.lab.test ;;
    gateway-1) echo mail.lab-one.com ;;
    gateway-2) echo www.lab-two.net ;;
    *) echo "$1.lab.test" ;;
    esac
}

lab_servers() {
    lab_serve_all
    nginx -c "$PWD/nginx.conf" 2>nginx.err &
    python3 "$HF_SOURCE/tests/it/net_servers.py" >bad.log 2>bad.err \
        < <(sleep 600) &
    python3 "$HF_SOURCE/tests/it/lab/full.py" >full.log 2>full.err \
        < <(sleep 600) &
    for _ in $(seq 100); do
        grep -q ready bad.log && grep -q ready full.log &&
            ss -Hltn src 127.0.3.2 | grep -q . && return
        sleep 0.1
    done
    echo "Bail out! the servers do not start"
    cat nginx.err nginx.log bad.err full.err | sed 's/^/# /'
    exit 1
}

# A Debian system that trusts the lab's root and one inspector's, with two
# products of its own.
lab_root() { # FOLDER
    local root=$1 shelf=$1/usr/share/ca-certificates/lab
    mkdir -p "$shelf" "$root/usr/local/share/ca-certificates" \
        "$root/etc/ssl/certs" "$root/etc/holdfast/products" "$root/var/lib"
    cp root.pem "$shelf/lab-root-r1.crt"
    cp zscaler.pem "$shelf/zscaler-root-ca.crt"
    cp old.pem "$shelf/lab-root-r0.crt"
    printf '%s\n' '# the lab' lab/lab-root-r1.crt lab/zscaler-root-ca.crt \
        lab/lab-root-r0.crt >"$root/etc/ca-certificates.conf"
    cat root.pem zscaler.pem old.pem >"$root/etc/ssl/certs/ca-certificates.crt"
    lab_product missing labproduct 'Lab Product' 'root-missing.lab.test:443' \
        product.test >"$root/etc/holdfast/products/labproduct.yaml"
    lab_product root labagent 'Lab Agent' 'agent.bypass.test:443' \
        bypass.test >"$root/etc/holdfast/products/labagent.yaml"
}

lab_sha256() { # FILE
    openssl x509 -in "$1" -outform DER | sha256sum | cut -d' ' -f1
}

lab_product() { # ROOT ID NAME HOST BYPASS
    cat <<YAML
name: $3
vendor: The Lab
source: made for the tests
confidence: measured
certificates:
  - name: $(openssl x509 -in "$1.pem" -noout -subject -nameopt multiline |
        sed -n 's/.*commonName *= //p')
    sha256: $(lab_sha256 "$1.pem")
    purpose: [tls]
    pem: |
$(sed 's/^/      /' "$1.pem")
hosts:
  - "$4"
bypass:
  - "*.$5"
YAML
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    lab_enter "$@"
    lab_start
    [ $# -gt 0 ] || set -- "${SHELL:-bash}"
    "$@"
fi
