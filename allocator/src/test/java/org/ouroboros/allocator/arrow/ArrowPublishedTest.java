package org.ouroboros.allocator.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.ForkedJvm;

/**
 * The tests that Arrow publishes of its memory, on our allocation manager. What each run has to
 * print is exact, so that it is seen when an update of Arrow brings other tests, or none.
 */
class ArrowPublishedTest {

  @ParameterizedTest
  @ValueSource(strings = {"ouroboros", "ouroboros_debug"})
  void shouldPassThoseOfAllocatorsAndBuffers(String allocator) throws Exception {
    assertThat(run(allocator, "TestBaseAllocator", "TestArrowBuf", "TestForeignAllocation"))
        .containsExactlyInAnyOrder(
            "succeeded=46",
            "failed=0",
            "aborted=0",
            "allocations=65",
            // Switched off by Arrow.
            "skipped=testRootAllocator_getEmpty()",
            "skipped=testMemoryLeakWithReservation()",
            "skipped=testAllocator_unreleasedEmpty()",
            // These see that Arrow detects a buffer which was left, and leave it.
            "left=1 by testRootAllocator_closeWithOutstanding()",
            "left=1 by testRootAllocator_createChildDontClose()",
            "left=1 by testEnabledAssertion()");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ouroboros", "ouroboros_debug"})
  void shouldPassTheOthersThatUseMemory(String allocator) throws Exception {
    assertThat(
            run(
                allocator,
                "TestBoundaryChecking",
                "TestAccountant",
                "util.TestArrowBufPointer",
                "util.TestByteFunctionHelpers",
                "util.hash.TestArrowBufHasher"))
        .containsExactlyInAnyOrder("succeeded=23", "failed=0", "aborted=0", "allocations=33");
  }

  private static List<String> run(String allocator, String... classes) throws Exception {
    ForkedJvm.Result result =
        ArrowJvm.run(
            PublishedTests.class,
            "-Dtests.allocator=" + allocator,
            "-Dtests.classes=" + String.join(",", classes));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).as(result.err()).contains("failed=0");
    return result.out().lines().toList();
  }
}
