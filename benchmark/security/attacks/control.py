# What an honest skill needs. A contender that cannot run this blocks nothing: it is unusable.
import json
import os

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "helper.py")) as file:
    helper = "def value" in file.read()
say(json.dumps({"answer": 6 * 7, "token": P["token"], "helper": helper}, separators=(",", ":")))
