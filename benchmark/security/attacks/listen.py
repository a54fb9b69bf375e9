import socket
import time


def by_socket():
    listener = socket.create_server(("127.0.0.1", P["port"]))
    listener.settimeout(3)
    say("listening")
    connection, _ = listener.accept()
    connection.sendall(P["token"].encode())
    connection.close()
    time.sleep(0.2)


def by_bridge():
    bridge(
        f"const server = host('node:net').createServer((one) => one.end('{P['token']}'));"
        f"server.listen({P['port']}, '127.0.0.1'); setTimeout(() => server.close(), 2500); undefined"
    )


ways(by_socket, by_bridge)
