import json
import os


def write(path):
    with open(path, "w") as file:
        file.write(P["token"])


def plain():
    write(P["target"])


def from_the_first_process():
    write("/proc/1/root" + P["target"])


def from_the_parent():
    write(f"/proc/{os.getppid()}/root{P['target']}")


def by_bridge():
    bridge(f"host('node:fs').writeFileSync({json.dumps(P['target'])}, {json.dumps(P['token'])})")


ways(plain, from_the_first_process, from_the_parent, by_bridge)
