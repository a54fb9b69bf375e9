# A limit on the time of one process never sees these.
import os
import time

end = time.monotonic() + 9
while time.monotonic() < end:
    pid = os.fork()
    if pid == 0:
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            pass
        os._exit(0)
    os.waitpid(pid, 0)
say("burned to the end")
