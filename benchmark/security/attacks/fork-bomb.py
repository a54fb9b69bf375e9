import os
import time


def by_fork():
    started = 0
    for _ in range(300):
        try:
            if os.fork() == 0:
                time.sleep(6)
                os._exit(0)
            started += 1
        except OSError as error:
            say("fork failed:", error)
            break
    say("started", started)


def by_bridge():
    bridge(
        "const { spawn } = host('node:child_process');"
        f"for (let i = 0; i < 300; i++) spawn('/bin/sleep', ['6'], {{ argv0: {__file__!r}, stdio: 'ignore', detached: true }}).unref(); undefined"
    )


ways(by_fork, by_bridge)
time.sleep(2)
