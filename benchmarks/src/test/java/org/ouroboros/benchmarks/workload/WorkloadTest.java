package org.ouroboros.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ouroboros.benchmarks.replay.NativeMemory;

/** Each workload, with little work, on both faces of the default allocator. */
class WorkloadTest {

  private static final double LITTLE = 0.003;

  static Stream<Arguments> workloads() {
    return Workload.all().stream()
        .flatMap(
            workload ->
                Stream.of(Faces.SHARED, Faces.CONFINED)
                    .map(face -> Arguments.of(workload.name(), face)));
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void shouldFreeAllThatItAllocates(String name, String face) {
    Workload workload = Workload.of(name);
    try (Faces faces = Faces.open(face)) {
      long operations = workload.run(new Crew(faces, 2), LITTLE);
      assertThat(operations).isPositive();
      assertThat(faces.liveBlocks()).isZero();
      assertThat(workload.run(new Crew(faces, 2), LITTLE)).isEqualTo(operations);
      assertThat(faces.liveBlocks()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void shouldRunOnOneThread(String name, String face) {
    try (Faces faces = Faces.open(face)) {
      assertThat(Workload.of(name).run(new Crew(faces, 1), LITTLE)).isPositive();
      assertThat(faces.liveBlocks()).isZero();
    }
  }

  @Test
  void shouldFailWithItsThreads() {
    try (Faces faces = Faces.open(Faces.SHARED)) {
      Crew crew = new Crew(faces, 2);
      assertThatThrownBy(
              () ->
                  crew.run(
                      (allocator, index) -> {
                        long block = allocator.malloc(16);
                        NativeMemory.putByte(block, (byte) 1);
                        CorruptBlockException.check(block, 2, NativeMemory.getByte(block));
                      }))
          .isInstanceOf(CorruptBlockException.class)
          .hasMessageEndingWith("holds 0x1 where 0x2 was written");
      assertThat(crew.failed()).isTrue();
    }
  }

  @Test
  void shouldKnowNames() {
    List<String> names = Workload.all().stream().map(Workload::name).toList();
    assertThat(names).doesNotHaveDuplicates().hasSize(11);
    assertThatThrownBy(() -> Workload.of("none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("none", "larson", "mleak");
  }
}
