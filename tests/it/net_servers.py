#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Servers that behave badly, each on its own port, and a CONNECT proxy. For the
# network namespace of net.sh: ports are fixed. Prints "ready" when all listen.
import socket
import struct
import sys
import threading
import time

FATAL_40 = bytes.fromhex('15030300020228')
# a ServerHello of TLS 1.2 (ECDHE-RSA-AES128-GCM-SHA256), nothing after it
HELLO_BODY = (bytes.fromhex('0303') + bytes(32) + b'\0'
              + bytes.fromhex('c02f00') + bytes.fromhex('0005ff01000100'))


def record(kind, body):
    """A handshake message, in as many records as it needs."""
    rest = bytes([kind]) + struct.pack('>I', len(body))[1:] + body
    out = b''
    while rest:
        part, rest = rest[:16384], rest[16384:]
        out += bytes([22, 3, 3]) + struct.pack('>H', len(part)) + part
    return out


SERVER_HELLO = record(2, HELLO_BODY)


def certificates(*ders):
    chain = b''.join(struct.pack('>I', len(d))[1:] + d for d in ders)
    return record(11, struct.pack('>I', len(chain))[1:] + chain)


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack('ii', 1, 0))
    conn.close()


def silent(conn):
    conn.recv(4096)
    time.sleep(60)


def say(text, then=None, first=False):
    def serve(conn):
        if not first:
            conn.recv(4096)
        conn.sendall(text)
        (then or socket.socket.close)(conn)
    return serve


def wait_then_close(conn):
    time.sleep(0.3)
    conn.close()


def drip(conn):
    read_head(conn)
    conn.sendall(b'HTTP/1.0 200 OK\r\n\r\n')
    for _ in range(600):
        conn.sendall(b'x')
        time.sleep(0.05)


def drip_head(conn):
    read_head(conn)
    conn.sendall(b'HTTP/1.0 200 OK\r\nA: ')
    for _ in range(600):
        conn.sendall(b'x')
        time.sleep(0.05)


def read_head(conn):
    head = b''
    while b'\r\n\r\n' not in head:
        got = conn.recv(4096)
        if not got:
            break
        head += got
    return head


def endless(conn):
    read_head(conn)
    conn.sendall(b'HTTP/1.0 200 OK\r\n\r\n')
    while True:
        conn.sendall(bytes(65536))


def echo_request(conn):
    head = read_head(conn)
    conn.sendall(b'HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s'
                 % (len(head), head))
    print('request:', head.split(b'\r\n')[0].decode(),
          'auth' if b'\r\nProxy-Authorization: Basic YW5uOnB3\r\n' in head
          else 'open', flush=True)
    conn.close()


def answer(text, then=None):
    def serve(conn):
        read_head(conn)
        conn.sendall(text)
        (then or socket.socket.close)(conn)
    return serve


def pump(a, b):
    try:
        while data := a.recv(65536):
            b.sendall(data)
        b.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def proxy(conn):
    head = read_head(conn).decode()
    method, target, _ = head.split('\r\n')[0].split(' ')
    if 'Proxy-Authorization: Basic YW5uOnB3' not in head:
        conn.sendall(b'HTTP/1.1 407 Proxy Authentication Required\r\n'
                     b'Proxy-Authenticate: Basic realm="x"\r\n\r\n')
        conn.close()
        return
    host, port = target.rsplit(':', 1)
    print('connect:', method, target, flush=True)
    host = '127.0.0.1' if host == 'behind.test' else host.strip('[]')
    try:
        far = socket.create_connection((host, int(port)), 2)
    except OSError:
        conn.sendall(b'HTTP/1.1 502 Bad Gateway\r\n\r\n')
        conn.close()
        return
    conn.sendall(b'HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n')
    threading.Thread(target=pump, args=(far, conn), daemon=True).start()
    pump(conn, far)


OK = b'HTTP/1.0 200 OK\r\n'
SERVERS = {
    # what is no TLS, or ends early
    7001: silent,
    7002: say(b'220 mail.test ESMTP\r\n', silent, first=True),
    7003: say(b'SSH-2.0-OpenSSH_9.2p1\r\n', reset, first=True),
    7004: say(b'HTTP/1.1 400 Bad Request\r\n\r\n'),
    7005: lambda conn: (conn.recv(4096), reset(conn)),
    7006: lambda conn: (conn.recv(4096), conn.close()),
    7007: say(FATAL_40),
    7008: say(SERVER_HELLO, silent),
    7009: say(SERVER_HELLO, reset),
    7010: say(SERVER_HELLO + certificates(b'\x30\x03junk')),
    7011: say(SERVER_HELLO + certificates(bytes(70000))),
    7012: lambda conn: conn.close(),
    7013: say(b'\x16\x03\x03\x40\x00' + bytes(16384), silent),
    7014: say(b'\x1b]0;owned\x07\r\n', silent, first=True),
    7015: lambda conn: reset(conn),
    7016: say(SERVER_HELLO + bytes.fromhex('16030340000bfffff0fffff0')
              + bytes(70000)),
    # proxies
    7101: proxy,
    7102: answer(b'SSH-2.0-x\r\n'),
    7103: silent,
    7104: answer(b'HTTP/1.1 200 OK\r\n' + b'A: b\r\n' * 3000, silent),
    7105: answer(b'HTTP/1.1 403 For\x1b[2Jbidden\r\n\r\n'),
    7106: echo_request,
    7107: lambda conn: (read_head(conn), conn.close()),
    7108: lambda conn: (read_head(conn), reset(conn)),
    7109: answer(b'HTTP/1.1 200 OK\r\n\r\n220 mail.test ESMTP\r\n', silent),
    # web
    7201: answer(OK + b'Content-Length: 5\r\n\r\nhello'),
    7202: answer(OK + b'\r\nhello'),
    7203: answer(b'HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!'),
    7204: answer(b'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:7201/\r\n'
                 b'\r\n'),
    7205: answer(OK + b'Content-Length: 100000\r\n\r\n' + bytes(100000)),
    7206: endless,
    7207: drip,
    7208: answer(OK + b'Content-Length: 10\r\n\r\nhello'),
    7209: answer(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
                 b'5\r\nhello\r\n0\r\n\r\n'),
    7210: answer(OK + b'A: b\r\n' * 3000),
    7211: answer(b'220 mail.test\r\n'),
    7212: silent,
    7213: drip_head,
    7214: answer(OK + b'Content-Length: 5\r\n\r\nhello, and more', silent),
    7215: answer(OK + b'Content-Length: 5\r\n\r\nhello', silent),
    7216: lambda conn: (read_head(conn), reset(conn)),
    7217: answer(OK + b'\r\nhel', reset),
}


def serve(listener, handler):
    while True:
        conn, _ = listener.accept()

        def run(conn=conn):
            try:
                handler(conn)
            except OSError:
                pass
        threading.Thread(target=run, daemon=True).start()


def main():
    for port, handler in SERVERS.items():
        listener = socket.socket(socket.AF_INET6)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(('::', port))
        listener.listen(64)
        threading.Thread(target=serve, args=(listener, handler),
                         daemon=True).start()
    print('ready', flush=True)
    sys.stdin.read()


main()
