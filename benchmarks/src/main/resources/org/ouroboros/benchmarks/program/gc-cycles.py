"""Dropped rings, the same program as Cycles.java: what pyperformance's gc_collect does.

    python3 gc-cycles.py LOOPS

Prints: ok OBJECTS NANOSECONDS CHECK MEMORY_BYTES PEAK_BYTES PROCESS_BYTES
"""
import gc
import sys
import time

RINGS = 100
LINKS = 20
OBJECTS = RINGS * (LINKS + 1)


def status(key):
    """A figure of /proc/self/status in bytes, -1 where there is none."""
    try:
        with open("/proc/self/status") as lines:
            for line in lines:
                if line.startswith(key):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return -1


class Node:
    def __init__(self):
        self.next = None
        self.previous = None


def ring():
    head = current = Node()
    for _ in range(LINKS):
        node = Node()
        node.previous = current
        current.next = node
        current = node
    current.next = head
    head.previous = current
    return head


def main():
    loops = int(sys.argv[1])
    before = status("VmRSS:")
    nanos = 0
    collected = 0
    for _ in range(loops):
        gc.collect()
        heads = [ring() for _ in range(RINGS)]
        del heads
        begin = time.perf_counter_ns()
        found = gc.collect()
        nanos += time.perf_counter_ns() - begin
        # versions with a dictionary for each instance find those too
        collected += OBJECTS if found >= OBJECTS else found
    peak = status("VmHWM:")
    growth = peak - before if before >= 0 else -1
    print("ok", loops * OBJECTS, nanos, collected, growth, growth, peak)


main()
