package org.ouroboros.collector.collections;

/** Chooses entries of a map. Must not add entries to it, nor remove any. */
@FunctionalInterface
public interface EntryFilter {

  /**
   * Looks at an entry.
   *
   * @param key a value, or a borrowed reference
   * @param value a value, or a borrowed reference
   * @return whether it is meant
   */
  boolean test(long key, long value);
}
