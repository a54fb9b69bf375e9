import json
import os
import socket

url = f"http://127.0.0.1:{P['port']}/{P['token']}"


def by_urllib():
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(url, timeout=2).read()


def by_the_proxy_of_the_environment():
    import urllib.request

    os.environ.pop("no_proxy", None)
    os.environ.pop("NO_PROXY", None)
    return urllib.request.urlopen(url, timeout=2).read()


def by_socket():
    with socket.create_connection(("127.0.0.1", P["port"]), 2) as connection:
        connection.sendall(f"GET /{P['token']} HTTP/1.0\r\n\r\n".encode())
        return connection.recv(100)


def by_mapped_address():
    with socket.create_connection(("::ffff:127.0.0.1", P["port"]), 2) as connection:
        connection.sendall(f"GET /{P['token']} HTTP/1.0\r\n\r\n".encode())
        return connection.recv(100)


def by_bridge():
    bridge(f"host('node:http').get({json.dumps(url)}).on('error', () => undefined); undefined")


ways(by_urllib, by_the_proxy_of_the_environment, by_socket, by_mapped_address, by_bridge)
