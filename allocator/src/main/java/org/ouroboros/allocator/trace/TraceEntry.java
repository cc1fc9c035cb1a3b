package org.ouroboros.allocator.trace;

import org.ouroboros.allocator.Domain;

/**
 * What is kept of a traced block, in a word. This class owns its bits:
 *
 * <pre>
 *   | 63 | 62  61 | 60         41 | 40              0 |
 *   | 1  | domain | stack         | size              |      0: no block
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // the words never leave the process
final class TraceEntry {

  /** What stands for no block. */
  static final long NONE = 0;

  /** As many stacks have a number. */
  static final int MAX_STACKS = 1 << 20;

  private static final int STACK_SHIFT = 41;
  private static final int DOMAIN_SHIFT = 61;

  /** Two tebibytes; a larger block is taken to be as large. */
  private static final long MAX_SIZE = (1L << STACK_SHIFT) - 1;

  private TraceEntry() {}

  static long of(long size, int stack, Domain domain) {
    return Long.MIN_VALUE
        | (long) domain.ordinal() << DOMAIN_SHIFT
        | (long) stack << STACK_SHIFT
        | Math.min(size, MAX_SIZE);
  }

  /** An entry that has no stack yet, with one. */
  static long withStack(long entry, int stack) {
    return entry | (long) stack << STACK_SHIFT;
  }

  static long size(long entry) {
    return entry & MAX_SIZE;
  }

  static int stack(long entry) {
    return (int) (entry >>> STACK_SHIFT) & MAX_STACKS - 1;
  }

  static int domain(long entry) {
    return (int) (entry >>> DOMAIN_SHIFT) & 3;
  }
}
