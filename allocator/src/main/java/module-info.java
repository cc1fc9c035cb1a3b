/**
 * A {@code malloc} family for memory outside the Java heap: the allocator interface and its
 * implementations, written against the final Foreign Function and Memory API.
 */
// The sister module is built after this one; Agrona has no module descriptor, only a reserved name.
@SuppressWarnings({"module", "requires-automatic"})
module org.ouroboros.allocator {
  // Not transitive: who does without an adapter compiles without its library too.
  requires static jdk.jfr;
  requires static io.netty.buffer;
  requires static io.netty.common;
  requires static java.management;
  requires static org.agrona;
  requires static org.apache.arrow.memory.core;
  // Of the agent alone, and there where there is one.
  requires static transitive java.instrument;
  requires static transitive org.jspecify;

  uses org.ouroboros.allocator.AllocatorProvider;
  uses org.ouroboros.allocator.AllocatorDecorator;

  exports org.ouroboros.allocator;
  exports org.ouroboros.allocator.arena;
  exports org.ouroboros.allocator.region;
  exports org.ouroboros.allocator.agrona;
  exports org.ouroboros.allocator.arrow;
  exports org.ouroboros.allocator.bdwgc;
  exports org.ouroboros.allocator.budget;
  exports org.ouroboros.allocator.debug;
  exports org.ouroboros.allocator.export;
  exports org.ouroboros.allocator.guard;
  // It reads JUnit, and JUnit's place is the class path: see its package-info.
  exports org.ouroboros.allocator.junit;
  exports org.ouroboros.allocator.leak;
  exports org.ouroboros.allocator.jfr;
  exports org.ouroboros.allocator.management;
  exports org.ouroboros.allocator.netty;
  exports org.ouroboros.allocator.record;
  exports org.ouroboros.allocator.report;
  exports org.ouroboros.allocator.source;
  exports org.ouroboros.allocator.trace;
  exports org.ouroboros.allocator.statistics;

  // The engine, for the sister module's heaps; and what reports are written with.
  exports org.ouroboros.allocator.output to
      org.ouroboros.collector;
  exports org.ouroboros.allocator.page to
      org.ouroboros.collector;
  exports org.ouroboros.allocator.sizeclass to
      org.ouroboros.collector;
}
