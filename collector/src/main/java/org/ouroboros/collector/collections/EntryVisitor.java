package org.ouroboros.collector.collections;

/** Is shown the entries of a map. Must not add entries to it, nor remove any. */
@FunctionalInterface
public interface EntryVisitor {

  /**
   * Takes an entry.
   *
   * @param key a value, or a borrowed reference
   * @param value a value, or a borrowed reference
   */
  void visit(long key, long value);
}
