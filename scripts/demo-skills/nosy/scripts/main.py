"""Tries three things that a sandbox must refuse, and tells what it got."""

import json
import socket
import subprocess
import sys


def read_passwd(_):
    with open("/etc/passwd", encoding="utf-8") as file:
        return file.read()


def read_host_file(request):
    with open(request["host_file"], encoding="utf-8") as file:
        return file.read()


def connect(request):
    with socket.create_connection((request["address"], request["port"]), timeout=3) as connection:
        return connection.recv(100).decode()


def start_shell(_):
    return subprocess.run(["/bin/sh", "-c", "echo started"], capture_output=True, text=True, check=True).stdout


def attempt(act, request):
    try:
        return {"got": act(request)}
    except (OSError, subprocess.SubprocessError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


request = json.load(sys.stdin)
acts = {"passwd": read_passwd, "file": read_host_file, "network": connect, "shell": start_shell}
print(json.dumps({name: attempt(act, request) for name, act in acts.items()}))
