import os


def by_proc(root="/proc"):
    for name in os.listdir(root):
        if name.isdigit():
            try:
                line = open(f"{root}/{name}/cmdline").read().replace("\0", " ")
                say(name, line[:2000])
            except OSError:
                pass


def by_number():
    for pid in P["around"]:
        try:
            say(pid, open(f"/proc/{pid}/cmdline").read().replace("\0", " ")[:2000])
        except OSError:
            pass


def by_program():
    os.system("ps axww 2>&1")


def by_bridge():
    return bridge(
        "const fs = host('node:fs'); fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))"
        ".map((name) => { try { return fs.readFileSync('/proc/' + name + '/cmdline', 'utf8') } catch { return '' } })"
        ".join('\\n')"
    )


ways(by_proc, by_number, by_program, by_bridge)
