#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# A host that swallows connections: its queue of accepted ones is full, so the
# kernel drops every further SYN. Prints "ready"; ends with standard input.
import socket
import sys

ADDRESS = ('127.0.3.9', 443)

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(ADDRESS)
listener.listen(0)
held = []
for _ in range(4):
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(ADDRESS)
    held.append(client)
print('ready', flush=True)
sys.stdin.read()
