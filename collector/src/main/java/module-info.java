/**
 * Objects outside the Java heap with inline reference counts, and the collector of the cycles that
 * counting alone cannot free.
 */
@SuppressWarnings("requires-automatic") // Agrona has no module descriptor, only a reserved name
module org.ouroboros.collector {
  requires static jdk.jfr;
  requires org.agrona;
  requires static java.management;
  requires static transitive org.jspecify;
  requires transitive org.ouroboros.allocator;

  exports org.ouroboros.collector;
  exports org.ouroboros.collector.collections;
  exports org.ouroboros.collector.report;
  exports org.ouroboros.collector.management;
  exports org.ouroboros.collector.statistics;
  exports org.ouroboros.collector.typed;
}
