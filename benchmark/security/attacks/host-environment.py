import glob
import os


def own():
    return dict(os.environ)


def of_processes():
    for file in glob.glob("/proc/[0-9]*/environ"):
        try:
            say(open(file).read().replace("\0", "\n"))
        except OSError:
            pass


def by_bridge():
    return bridge("JSON.stringify(process.env)")


ways(own, of_processes, by_bridge)
