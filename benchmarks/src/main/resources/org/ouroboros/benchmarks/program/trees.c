/* Binary trees, the same program as Trees.java, with the Boehm-Demers-Weiser collector.
 *
 *     cc -O2 -o trees trees.c -lgc && ./trees DEPTH
 *
 * Prints: ok NODES NANOSECONDS CHECK MEMORY_BYTES PEAK_BYTES PROCESS_BYTES; with the argument "version" the
 * collector's version.
 */
#include <gc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LEAST_DEPTH 4

typedef struct node {
  struct node *left;
  struct node *right;
} node;

/* A figure of /proc/self/status in bytes, -1 where there is none. */
static long long status(const char *key) {
  char line[256];
  long long found = -1;
  FILE *file = fopen("/proc/self/status", "r");
  if (!file) return -1;
  while (found < 0 && fgets(line, sizeof line, file))
    if (!strncmp(line, key, strlen(key))) found = atoll(line + strlen(key)) * 1024;
  fclose(file);
  return found;
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static node *build(int depth) {
  node *left, *right, *made;
  if (depth == 0) return GC_MALLOC(sizeof(node)); /* zeroed */
  left = build(depth - 1);
  right = build(depth - 1);
  made = GC_MALLOC(sizeof(node));
  if (!made) {
    puts("failed out of memory");
    exit(1);
  }
  made->left = left;
  made->right = right;
  return made;
}

static long long count(const node *one) {
  return one->left ? 1 + count(one->left) + count(one->right) : 1;
}

static long long count_all(int depth) {
  long long nodes = count(build(depth + 1));
  node *volatile held = build(depth);
  for (int tree_depth = LEAST_DEPTH; tree_depth <= depth; tree_depth += 2)
    for (int i = 1 << (depth - tree_depth + LEAST_DEPTH); i > 0; i--)
      nodes += count(build(tree_depth));
  return nodes + count(held);
}

int main(int argc, char **argv) {
  long long before, begin, nodes, nanos, peak, growth;
  if (argc < 2) return 2;
  if (!strcmp(argv[1], "version")) {
    unsigned v = GC_get_version();
    printf("%u.%u.%u\n", v >> 16, v >> 8 & 0xff, v & 0xff);
    return 0;
  }
  before = status("VmRSS:");
  GC_INIT();
  begin = now();
  nodes = count_all(atoi(argv[1]));
  nanos = now() - begin;
  peak = status("VmHWM:");
  growth = before < 0 ? -1 : peak - before;
  printf("ok %lld %lld %lld %lld %lld %lld\n", nodes, nanos, nodes, growth, growth, peak);
  return 0;
}
