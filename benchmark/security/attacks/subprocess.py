import importlib
import os
import shutil
import struct
import tempfile

# this file must not hide the module of the same name
subprocess = importlib.import_module("subprocess")
argv = [P["program"], *P["arguments"]]


def output(command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=3, **options).stdout


def by_run():
    return output(argv)


def by_spawn():
    pid = os.posix_spawn(argv[0], argv, {})
    os.waitpid(pid, 0)


def by_the_loader():
    return output([P["loader"], *argv])


def by_a_copy():
    copy = os.path.join(tempfile.mkdtemp(), "copy")
    shutil.copy(argv[0], copy)
    return output([copy, *P["arguments"]])


def own_program():
    """A static program of 64 bits that prints the evidence."""
    text = P["evidence"].encode() + b"\n"
    start = 0x400078
    code = (
        b"\xb8\x01\0\0\0\xbf\x01\0\0\0\x48\xbe" + struct.pack("<Q", start + 38)
        + b"\xba" + struct.pack("<I", len(text)) + b"\x0f\x05\xb8\x3c\0\0\0\x31\xff\x0f\x05"
    )
    code = code.ljust(38, b"\x90") + text
    head = b"\x7fELF\x02\x01\x01" + b"\0" * 9 + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, start, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    size = 120 + len(code)
    return head + struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, size, size, 0x1000) + code


def by_an_own_program(directory):
    file = os.path.join(directory, "own-program")
    with open(file, "wb") as target:
        target.write(own_program())
    os.chmod(file, 0o755)
    try:
        return output([file])
    finally:
        os.unlink(file)


def own_in_temp():
    return by_an_own_program(tempfile.mkdtemp())


def own_in_shared_memory():
    return by_an_own_program("/dev/shm")


def own_in_output():
    return by_an_own_program(os.environ["SKILL_OUTPUT_DIR"])


def own_in_memory():
    descriptor = os.memfd_create("own", 0)
    os.write(descriptor, own_program())
    return output([f"/proc/self/fd/{descriptor}"], pass_fds=[descriptor])


def by_bridge():
    return bridge(
        f"host('node:child_process').execFileSync({P['program']!r}, {P['arguments']!r}).toString()"
    )


ways(
    by_run,
    by_spawn,
    by_the_loader,
    by_a_copy,
    own_in_temp,
    own_in_shared_memory,
    own_in_output,
    own_in_memory,
    by_bridge,
)
