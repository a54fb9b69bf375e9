import os
import time

children = []
for _ in range(5):
    pid = os.fork()
    if pid == 0:
        held = b"x" * (150 << 20)
        time.sleep(2)
        os._exit(0)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
say("done")
