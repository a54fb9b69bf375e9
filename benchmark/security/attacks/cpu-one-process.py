import time

end = time.monotonic() + 9
while time.monotonic() < end:
    pass
say("burned to the end")
