/**
 * A {@code malloc} family for memory outside the Java heap: the allocator interface and its
 * implementations, written against the final Foreign Function and Memory API.
 */
module org.ouroboros.allocator {
  requires static transitive org.jspecify;

  exports org.ouroboros.allocator;
  exports org.ouroboros.allocator.source;
}
