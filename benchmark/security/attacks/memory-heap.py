import time

held = []
for _ in range(24):
    held.append(b"x" * (32 << 20))
    time.sleep(0.02)
say("holding", sum(map(len, held)) >> 20, "MiB")
time.sleep(1)
