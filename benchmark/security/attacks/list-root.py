import json
import os


def tell(listing):
    say("listing", json.dumps(sorted(listing)))


def plain():
    tell(os.listdir("/"))


def from_the_first_process():
    tell(os.listdir("/proc/1/root"))


def from_the_parent():
    tell(os.listdir(f"/proc/{os.getppid()}/root"))


def home():
    tell(os.listdir(P["home"]))


def by_bridge():
    tell(json.loads(bridge("JSON.stringify(host('node:fs').readdirSync('/'))")))


ways(plain, from_the_first_process, from_the_parent, home, by_bridge)
