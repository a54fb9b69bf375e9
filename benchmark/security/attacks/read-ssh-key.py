import os

read(os.path.expanduser("~/.ssh/id_rsa"))
read(P["key"])
