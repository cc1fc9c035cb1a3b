"""Live lists, the same program as Traversal.java: what pyperformance's gc_traversal does.

    python3 gc-traversal.py LOOPS

Prints: ok REFERENCES NANOSECONDS CHECK MEMORY_BYTES PEAK_BYTES PROCESS_BYTES
"""
import gc
import sys
import time

LEVELS = 1000


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


def build():
    last = []
    for length in range(LEVELS):
        last = [last] * length
    return last


def references(last):
    found = 0
    while last:
        found += len(last)
        last = last[0]
    return found


def main():
    loops = int(sys.argv[1])
    before = status("VmRSS:")
    last = build()
    nanos = 0
    garbage = 0
    for _ in range(loops):
        gc.collect()
        begin = time.perf_counter_ns()
        garbage += gc.collect()
        nanos += time.perf_counter_ns() - begin
    found = references(last)
    peak = status("VmHWM:")
    growth = peak - before if before >= 0 else -1
    print(
        "ok", loops * found, nanos, found + garbage, growth, growth, peak)


main()
