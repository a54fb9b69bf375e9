import socket
import struct

labels = [P["token"].encode(), b"example"]
name = b"".join(struct.pack("B", len(label)) + label for label in labels) + b"\0"
query = struct.pack(">HHHHHH", 1, 0x0100, 1, 0, 0, 0) + name + struct.pack(">HH", 1, 1)


def by_datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(query, ("127.0.0.1", P["port"]))


def by_mapped_address():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sender:
        sender.sendto(query, ("::ffff:127.0.0.1", P["port"]))


def by_bridge():
    bridge(
        "const sender = host('node:dgram').createSocket('udp4');"
        f"sender.send(Buffer.from('{query.hex()}', 'hex'), {P['port']}, '127.0.0.1', () => sender.close()); undefined"
    )


ways(by_datagram, by_mapped_address, by_bridge)
