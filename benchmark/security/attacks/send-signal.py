# Aims at the one process that the benchmark has started for this, never at all.
import os
import signal


def by_kill():
    os.kill(P["victim"], signal.SIGTERM)


def by_descriptor():
    signal.pidfd_send_signal(os.pidfd_open(P["victim"]), signal.SIGTERM)


def by_group():
    os.killpg(P["victim"], signal.SIGTERM)


def by_bridge():
    bridge(f"process.kill({P['victim']}, 'SIGTERM'); undefined")


ways(by_kill, by_descriptor, by_group, by_bridge)
