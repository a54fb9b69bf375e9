import os


def by_bridge():
    return bridge(f"host('node:child_process').execSync({P['command']!r}).toString()")


def by_system():
    os.system(P["command"])


def by_popen():
    return os.popen(P["command"]).read()


ways(by_system, by_popen, by_bridge)
