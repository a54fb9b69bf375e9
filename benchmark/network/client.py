"""Measures one way to a server: many small requests on one connection, or one long answer. Prints JSON."""

import http.client
import json
import os
import socket
import sys
import time
import urllib.parse

args = json.load(sys.stdin)
port = args["port"]
proxy = urllib.parse.urlsplit(os.environ["HTTP_PROXY"]) if "HTTP_PROXY" in os.environ else None


def requests(count):
    """Milliseconds of each; the first opens the connection and is left out."""
    if proxy:
        connection = http.client.HTTPConnection(proxy.hostname, proxy.port)
        target = f"http://127.0.0.1:{port}/small"
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        target = "/small"
    times = []
    for _ in range(count + 1):
        begun = time.perf_counter()
        connection.request("GET", target, headers={"Host": f"127.0.0.1:{port}"})
        connection.getresponse().read()
        times.append((time.perf_counter() - begun) * 1e3)
    return times[1:]


def stream(size):
    """Bytes a second."""
    if proxy:
        sock = socket.create_connection((proxy.hostname, proxy.port))
        sock.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        while b"\r\n\r\n" not in sock.recv(4096):
            pass
    else:
        sock = socket.create_connection(("127.0.0.1", port))
    # not HTTP, so that a tunnel carries it untouched
    sock.sendall(f"send {size}\n".encode())
    buffer = bytearray(1 << 20)
    received, begun = 0, time.perf_counter()
    while received < size:
        count = sock.recv_into(buffer)
        if count == 0:
            raise EOFError(f"{received} of {size} bytes")
        received += count
    return size / (time.perf_counter() - begun)


print(json.dumps(requests(args["count"]) if args["what"] == "requests" else stream(args["size"])))
