package org.ouroboros.allocator;

/**
 * What a block is for. CPython's three domains: a block is resized and freed in the domain in which
 * it was allocated, and each domain may have an allocator of its own.
 */
public enum Domain {
  /** {@code PyMem_RawMalloc}: for anything, from any thread. */
  RAW('r'),
  /** {@code PyMem_Malloc}: buffers. */
  MEM('m'),
  /** {@code PyObject_Malloc}: objects. */
  OBJECT('o');

  private final char id;

  Domain(char id) {
    this.id = id;
  }

  /**
   * The letter by which CPython's debug hooks mark the blocks of the domain.
   *
   * @return {@code r}, {@code m} or {@code o}
   */
  public char id() {
    return id;
  }
}
