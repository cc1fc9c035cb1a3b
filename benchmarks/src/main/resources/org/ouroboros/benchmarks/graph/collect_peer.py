"""CPython's collector on one graph: python3 collect_peer.py SHAPE N, or graph FILE.

FILE has ints of 32 bits in the machine's order: the number of objects, that of edges, where each
object's edges begin and where the last one's end, and the target of each edge.

Prints nanoseconds: gc.collect() with everything held, the median of five after one that does not
count; releasing all that holds; gc.collect() that frees the rest; and how many it found.
gc.disable(); gc.freeze() before anything is built.
"""
import gc
gc.disable()
import array
import random
import statistics
import sys
import time

clock = time.perf_counter_ns


class Node:
    def __init__(self):
        self.next = None
        self.prev = None


class Two:
    __slots__ = ("a", "b")


class Three:
    __slots__ = ("a", "b", "parent")


def rings(n):
    heads = []
    for _ in range(n):
        head = cur = Node()
        heads.append(head)
        for _ in range(20):
            x = Node()
            x.prev, cur.next = cur, x
            cur = x
        cur.next, head.prev = head, cur
    return heads


def nested(n):
    top = []
    for k in range(n):
        new = [None] * k
        for i in range(k):
            new[i] = top
        top = new
    return [top]


def ring(n):
    a = [Two() for _ in range(n)]
    for i in range(n):
        a[i - 1].a = a[i]
        a[i].b = a[i - 1]
    return [a[0]]


def random2(n):
    rng = random.Random(1)
    a = [Two() for _ in range(n)]
    for x in a:
        x.a, x.b = a[int(rng.random() * n)], a[int(rng.random() * n)]
    return a


def tree(n):
    rng = random.Random(1)
    a = [Three() for _ in range(n)]
    rng.shuffle(a)
    for i, x in enumerate(a):
        x.a = a[2 * i + 1] if 2 * i + 1 < n else None
        x.b = a[2 * i + 2] if 2 * i + 2 < n else None
        x.parent = a[(i - 1) // 2] if i else None
    return [a[0]]


def web(n):
    rng = random.Random(1)
    a = [Two() for _ in range(n)]
    rng.shuffle(a)
    slots, used, held = ("a", "b"), [0] * n, [0]
    for i in range(1, n):
        at = int(rng.random() * len(held))
        k = held[at]
        setattr(a[k], slots[used[k]], a[i])
        used[k] += 1
        if used[k] == 2:
            held[at] = held[-1]
            held.pop()
        held.append(i)
    for i in range(n):
        while used[i] < 2:
            setattr(a[i], slots[used[i]], a[int(rng.random() * n)])
            used[i] += 1
    return [a[0]]


def lists(n):
    rng = random.Random(1)
    a = [[None] * 8 for _ in range(n)]
    for x in a:
        for slot in range(0, 8, 2):
            x[slot] = a[int(rng.random() * n)]
    return [[a[t : t + 1000] for t in range(0, n, 1000)]]


def graph(path):
    data = array.array("i")
    with open(path, "rb") as f:
        data.fromfile(f, 2)
        n, edges = data
        start = array.array("i")
        start.fromfile(f, n + 1)
        targets = array.array("i")
        targets.fromfile(f, edges)
    nodes = [[] if start[i] < start[i + 1] else object() for i in range(n)]
    for i in range(n):
        first, end = start[i], start[i + 1]
        if first < end:
            nodes[i].extend([nodes[j] for j in targets[first:end]])
    return nodes


def main():
    shape, argument = sys.argv[1:]
    gc.collect()
    gc.freeze()
    roots = graph(argument) if shape == "graph" else globals()[shape](int(argument))
    gc.collect()
    live = []
    for _ in range(5):
        t = clock()
        gc.collect()
        live.append(clock() - t)
    t = clock()
    roots.clear()
    drop = clock() - t
    t = clock()
    found = gc.collect()
    dead = clock() - t
    print(int(statistics.median(live)), drop, dead, found)


main()
