package org.ouroboros.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.FailingAllocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.report.AllocationSites;
import org.ouroboros.allocator.report.AllocatorReport;
import org.ouroboros.allocator.trace.GroupBy;
import org.ouroboros.allocator.trace.Snapshot;
import org.ouroboros.allocator.trace.TraceOptions;
import org.ouroboros.allocator.trace.TracingAllocator;

/** Sites of a tracer in the report of an allocator. */
class ReportSitesTest {

  @Test
  void sitesAndPagesThroughDecorators() {
    TraceOptions options = TraceOptions.DEFAULT.withFrames(2);
    try (Allocator allocator =
        new FailingAllocator(TracingAllocator.wrap(OuroborosAllocator.create(), options))) {
      long first = allocateHere(allocator);
      long second = allocateHere(allocator);
      assertThat(AllocatorReport.of(allocator).html())
          .contains("<h2>Pages</h2>")
          .containsPattern(
              "<td>[^<]*allocateHere[^<\n]*\n[^<]*sitesAndPages[^<]*</td><td>1</td><td>100 bytes");
      allocator.free(first);
      allocator.free(second);
      assertThat(AllocatorReport.of(allocator).html()).contains("The tracer knows of none.");
    }
  }

  @Test
  void sitesOfSnapshot() {
    try (TracingAllocator tracer = TracingAllocator.wrap(OuroborosAllocator.create())) {
      long first = allocateHere(tracer);
      long second = allocateHere(tracer);
      Snapshot snapshot = tracer.snapshot();
      tracer.free(first);
      tracer.free(second);
      AllocationSites sites = AllocationSites.of(snapshot, GroupBy.METHOD);
      assertThat(sites.top(0)).isEmpty();
      assertThat(sites.top(9)).hasSize(1);
      assertThat(sites.top(9).getFirst().where()).contains("allocateHere");
      assertThat(sites.top(9).getFirst().blocks()).isEqualTo(2);
      assertThat(sites.top(9).getFirst().bytes()).isEqualTo(200);
      tracer.stop();
      assertThat(AllocatorReport.of(tracer).html()).doesNotContain("Where live blocks");
    }
  }

  private static long allocateHere(Allocator allocator) {
    return allocator.malloc(100);
  }
}
