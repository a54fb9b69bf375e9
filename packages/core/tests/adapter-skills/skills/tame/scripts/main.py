import json, os, sys, time

args = json.load(sys.stdin)


def append(text):
    with open(args["file"], "a") as file:
        file.write(text + "\n")


if args["act"] == "note":
    append("begin " + args["note"])
    time.sleep(0.02)
    append("end " + args["note"])
    print("\n".join([args["note"]] * args["count"]))
if args["act"] == "read":
    with open(args["file"]) as file:
        print(file.read())
if args["act"] == "wait":
    name = "child" if os.fork() == 0 else "parent"
    while True:
        append(name)
        time.sleep(0.05)
