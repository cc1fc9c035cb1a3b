# Builds records, writes them as JSON, reads them again and indexes them in a dict. Prints the
# milliseconds of each round.
import json
import sys
import time


def work(n):
    records = [{"id": i, "name": "user%d" % i, "tags": [str(j) for j in range(i % 7)],
                "v": {"x": i * 1.5, "y": None, "z": [i, i + 1]}} for i in range(n)]
    index = {}
    for record in json.loads(json.dumps(records)):
        index[record["name"]] = record
        index.setdefault(len(record["tags"]), []).append(record["id"])
    return sum(len(value) for value in index.values())


for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    total = work(10000)
    print("round", (time.perf_counter() - start) * 1000)
    if total != 50000:
        sys.exit("wrong result: %d" % total)
