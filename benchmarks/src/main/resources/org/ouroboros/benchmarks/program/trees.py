"""Binary trees, the same program as Trees.java, on tuples of two: CPython's cheapest node.

    python3 trees.py DEPTH

Prints: ok NODES NANOSECONDS CHECK MEMORY_BYTES PEAK_BYTES PROCESS_BYTES
"""
import sys
import time

LEAST_DEPTH = 4


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


def build(depth):
    if depth == 0:
        return (None, None)
    depth -= 1
    return (build(depth), build(depth))


def count(node):
    left, right = node
    return 1 if left is None else 1 + count(left) + count(right)


def count_all(depth):
    nodes = count(build(depth + 1))
    held = build(depth)
    for tree_depth in range(LEAST_DEPTH, depth + 1, 2):
        for _ in range(1 << depth - tree_depth + LEAST_DEPTH):
            nodes += count(build(tree_depth))
    return nodes + count(held)


def main():
    before = status("VmRSS:")
    begin = time.perf_counter_ns()
    nodes = count_all(int(sys.argv[1]))
    nanos = time.perf_counter_ns() - begin
    peak = status("VmHWM:")
    growth = peak - before if before >= 0 else -1
    print("ok", nodes, nanos, nodes, growth, growth, peak)


main()
