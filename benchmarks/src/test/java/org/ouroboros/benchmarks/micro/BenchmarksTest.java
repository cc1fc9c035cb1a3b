package org.ouroboros.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.State;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;

/** Each benchmark once on each allocator at hand, in this JVM and without a clock. */
class BenchmarksTest {

  static Stream<String> allocators() {
    return Stream.concat(
        Stream.of(AllocatorUnderTest.CONFINED, AllocatorUnderTest.SHARED), natives());
  }

  static Stream<String> natives() {
    return BarsCommand.natives(Allocators.list(), new ArrayList<>()).stream();
  }

  static Stream<String> anyThread() {
    return Stream.concat(Stream.of(AllocatorUnderTest.SHARED), natives());
  }

  @ParameterizedTest
  @MethodSource("allocators")
  void shouldTakeAndGiveBackABlock(String name) {
    MallocFreeBenchmark benchmark = new MallocFreeBenchmark();
    benchmark.size = 64;
    assertAligned(run(benchmark, name, benchmark::mallocFree), Allocator.MIN_ALIGNMENT);
  }

  @ParameterizedTest
  @MethodSource("allocators")
  void shouldHaveAllBlocksOfTheRandomOrderAliveTogether(String name) {
    RandomOrderBenchmark benchmark = new RandomOrderBenchmark();
    benchmark.draw();
    Set<Long> addresses = new HashSet<>();
    run(
        benchmark,
        name,
        () -> {
          for (long address : benchmark.mallocThenFree()) {
            addresses.add(address);
          }
          return 0;
        });
    assertThat(addresses).hasSize(RandomOrderBenchmark.BLOCKS).doesNotContain(0L);
  }

  @ParameterizedTest
  @MethodSource("allocators")
  void shouldTakeAZeroedBlock(String name) {
    CallocBenchmark benchmark = new CallocBenchmark();
    benchmark.size = 64;
    assertAligned(run(benchmark, name, benchmark::callocFree), Allocator.MIN_ALIGNMENT);
  }

  @ParameterizedTest
  @MethodSource("allocators")
  void shouldGrowABlock(String name) {
    ReallocBenchmark benchmark = new ReallocBenchmark();
    benchmark.step = 256;
    assertAligned(run(benchmark, name, benchmark::grow), Allocator.MIN_ALIGNMENT);
  }

  @ParameterizedTest
  @MethodSource("allocators")
  void shouldAlignABlock(String name) {
    AlignedBenchmark benchmark = new AlignedBenchmark();
    benchmark.alignment = 4096;
    assertAligned(run(benchmark, name, benchmark::alignedAllocFree), 4096);
  }

  @ParameterizedTest
  @MethodSource("anyThread")
  void shouldServeAnyThread(String name) throws InterruptedException {
    SharedFaceBenchmark benchmark = new SharedFaceBenchmark();
    benchmark.allocator = name;
    benchmark.size = 64;
    benchmark.open();
    List<Long> addresses = new ArrayList<>();
    addresses.add(benchmark.platformThread());
    Thread.ofVirtual().start(() -> addresses.add(benchmark.virtualThread())).join();
    Thread.ofPlatform().start(() -> addresses.add(benchmark.twoThreads())).join();
    benchmark.close();
    assertThat(addresses).hasSize(3).doesNotContain(0L);
  }

  @Test
  void shouldOpenTheJdksArena() {
    ArenaBaseline benchmark = new ArenaBaseline();
    benchmark.size = 64;
    assertThat(benchmark.confinedArena()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {ArenasUnderTest.JDK, AllocatorUnderTest.CONFINED, AllocatorUnderTest.SHARED})
  void shouldOpenArenas(String name) {
    ArenaBenchmark benchmark = new ArenaBenchmark();
    benchmark.allocator = name;
    benchmark.size = 64;
    benchmark.open();
    assertThat(benchmark.confinedNotEscaping()).isNotZero();
    assertThat(benchmark.confinedEscaping()).isNotZero();
    assertThat(benchmark.sharedAmortised()).isNotZero();
    benchmark.close();
  }

  @ParameterizedTest
  @MethodSource("natives")
  void shouldHandOutMemoryThatHoldsWhatIsWritten(String name) {
    try (AllocatorUnderTest opened = AllocatorUnderTest.open(name)) {
      Allocator allocator = opened.allocator();
      assertThat(allocator.name()).isEqualTo(name);
      long zeroed = allocator.calloc(4, 16);
      assertThat(allocator.usableSize(zeroed)).isGreaterThanOrEqualTo(64);
      MemorySegment block = allocator.segment(zeroed, 64);
      assertThat(block.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
      block.fill((byte) 7);
      long grown = allocator.realloc(zeroed, 1 << 20);
      assertThat(allocator.segment(grown, 64).toArray(ValueLayout.JAVA_BYTE)).containsOnly(7);
      allocator.free(grown);
    }
  }

  @Test
  void shouldSayWhatIsNoLibrary() {
    assertThatThrownBy(() -> AllocatorUnderTest.open("nosuch-critical"))
        .isInstanceOf(AllocatorUnavailableException.class)
        .hasMessageContaining("nosuch");
    assertThatThrownBy(() -> AllocatorUnderTest.open("nosuch"))
        .isInstanceOf(AllocatorUnavailableException.class);
  }

  @Test
  void shouldGiveTheForksNativeAccess() {
    for (Class<?> type :
        List.of(
            AllocatorBenchmark.class,
            SharedFaceBenchmark.class,
            ArenaBaseline.class,
            ArenaBenchmark.class)) {
      assertThat(type.getAnnotation(Fork.class).jvmArgsAppend())
          .contains("--enable-native-access=ALL-UNNAMED");
    }
    Class<? extends Annotation> state = State.class;
    assertThat(MallocFreeBenchmark.class.isAnnotationPresent(state)).isTrue();
    assertThat(RandomOrderBenchmark.class.getAnnotation(Fork.class)).isNotNull();
  }

  private interface Invocation {
    long run();
  }

  private static long run(AllocatorBenchmark benchmark, String name, Invocation invocation) {
    benchmark.allocator = name;
    benchmark.open();
    try {
      return invocation.run();
    } finally {
      benchmark.close();
    }
  }

  private static void assertAligned(long address, long alignment) {
    assertThat(address).isNotZero();
    assertThat(address % alignment).isZero();
  }
}
