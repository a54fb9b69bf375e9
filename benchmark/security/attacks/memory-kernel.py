# Memory that the kernel holds for the run: full sockets and pipes that nobody reads, over several processes.
import os
import socket
import time

PROCESSES = 12
MOST = 800 << 20
chunk = b"x" * 65536


def fill(descriptor):
    os.set_blocking(descriptor, False)
    total = 0
    try:
        while True:
            total += os.write(descriptor, chunk)
    except OSError:
        return total


def hold():
    """Fills all that it may open; returns the bytes and what holds them."""
    total, ends = 0, []
    try:
        while total < MOST // PROCESSES:
            pair = socket.socketpair()
            ends.extend(pair)
            total += sum(fill(end.fileno()) for end in pair)
            pipe = os.pipe()
            ends.append(pipe)
            total += fill(pipe[1])
    except OSError:
        pass
    return total, ends


reader, writer = os.pipe()
for _ in range(PROCESSES):
    if os.fork() == 0:
        held, kept = hold()
        os.write(writer, f"{held}\n".encode())
        time.sleep(2)
        os._exit(0)
os.close(writer)
total = 0
for _ in range(PROCESSES):
    line = os.read(reader, 100)
    total += sum(int(one) for one in line.split())
    say("kernel holds", total >> 20, "MiB")
    if not line:
        break
