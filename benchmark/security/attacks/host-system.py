# Facts by which a host can be told from others, or attacked.
import json
import os


def tell(name, value):
    say("fact", json.dumps([name, value.strip() if isinstance(value, str) else value]))


def files():
    for name, file in P["files"].items():
        try:
            tell(name, open(file).read())
        except OSError:
            pass


def system():
    names = os.uname()
    tell("host name", names.nodename)
    tell("kernel release", names.release)
    tell("kernel version", names.version)


def cards():
    for card in os.listdir("/sys/class/net"):
        tell("network card", open(f"/sys/class/net/{card}/address").read())


def by_bridge():
    text = "JSON.stringify({ name: host('node:os').hostname(), release: host('node:os').release(), version: host('node:os').version() })"
    facts = json.loads(bridge(text))
    tell("host name", facts["name"])
    tell("kernel release", facts["release"])
    tell("kernel version", facts["version"])


ways(files, system, cards, by_bridge)
