def by_name():
    __import__("o" + "s").system(P["command"])


def by_importlib():
    import importlib

    return importlib.import_module("os"[::1]).popen(P["command"]).read()


def by_the_module_table():
    return getattr(sys.modules["os"], "pop" + "en")(P["command"]).read()


def by_the_built_in_module():
    import posix

    posix.system(P["command"])


def by_a_foreign_library():
    import ctypes

    ctypes.CDLL(None).system(P["command"].encode())


def by_bridge():
    return bridge(f"process.getBuiltinModule('node:child_' + 'process').execSync({P['command']!r}).toString()")


ways(by_name, by_importlib, by_the_module_table, by_the_built_in_module, by_a_foreign_library, by_bridge)
