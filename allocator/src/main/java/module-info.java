/**
 * A {@code malloc} family for memory outside the Java heap: the allocator interface and its
 * implementations, written against the final Foreign Function and Memory API.
 */
@SuppressWarnings("module") // the sister module is built after this one
module org.ouroboros.allocator {
  requires static transitive org.jspecify;

  exports org.ouroboros.allocator;
  exports org.ouroboros.allocator.arena;
  exports org.ouroboros.allocator.region;
  exports org.ouroboros.allocator.source;

  // The engine, for the sister module's heaps.
  exports org.ouroboros.allocator.page to
      org.ouroboros.collector;
  exports org.ouroboros.allocator.sizeclass to
      org.ouroboros.collector;
}
