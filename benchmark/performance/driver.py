# Starts commands in turn and measures each from its start to its end: `driver.py PLAN`, JSON in, JSON out.
# posix_spawn neither copies this process nor runs code of its own in the child, so it costs all the same.
import json
import os
import random
import sys
import time

with open(sys.argv[1]) as file:
    plan = json.load(file)


def run(case):
    os.chdir(case["cwd"])
    readable, writable = os.pipe()
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, plan["stdin"], os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, writable, 1),
        (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0),
    ]
    started = time.perf_counter_ns()
    pid = os.posix_spawn(case["argv"][0], case["argv"], case["env"], file_actions=actions)
    os.close(writable)
    output = b""
    while chunk := os.read(readable, 65536):
        output += chunk
    os.close(readable)
    _, status = os.waitpid(pid, 0)
    elapsed = time.perf_counter_ns() - started
    return elapsed / 1e6, status == 0 and case["expect"] in output.decode(errors="replace")


times = [[] for _ in plan["cases"]]
wrong = [0] * len(plan["cases"])
# the first round only warms up
for turn in range(plan["runs"] + 1):
    # In another order each time: what a run leaves to the kernel to clear away is done in the time of the next.
    order = random.sample(range(len(plan["cases"])), len(plan["cases"]))
    for index in order:
        case = plan["cases"][index]
        if turn % case["every"] != 0 and turn != 0:
            continue
        milliseconds, right = run(case)
        if turn > 0:
            times[index].append(milliseconds)
        if not right:
            wrong[index] += 1
json.dump({"times": times, "wrong": wrong}, sys.stdout)
