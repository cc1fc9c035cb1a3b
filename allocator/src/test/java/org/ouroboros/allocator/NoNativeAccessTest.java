package org.ouroboros.allocator;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.source.MappedFileSource;
import org.ouroboros.allocator.source.MemorySource;
import org.ouroboros.allocator.source.MmapSource;
import org.ouroboros.allocator.source.Reservation;
import org.ouroboros.allocator.source.SourceException;

/** A JVM in which native access was not given: nothing is printed, and what can work works. */
class NoNativeAccessTest {

  private static ForkedJvm.Result result;

  @BeforeAll
  static void fork() throws Exception {
    result = ForkedJvm.run(WithoutNativeAccess.class);
  }

  @Test
  void shouldPrintNoWarningWhenNativeAccessIsOff() {
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void shouldPrintNoWarningWhenNativeAccessIsDenied() throws Exception {
    ForkedJvm.Result denied =
        ForkedJvm.run(WithoutNativeAccess.class, "--illegal-native-access=deny");
    assertThat(denied).isEqualTo(result);
  }

  @Test
  void shouldListNativesWithTheCureWhenNativeAccessIsOff() {
    for (String name : new String[] {"libc", "mimalloc", "jemalloc", "tcmalloc", "rpmalloc"}) {
      assertThat(result.out())
          .contains(
              name
                  + " false native access is off: start the JVM with"
                  + " --enable-native-access=ALL-UNNAMED");
    }
  }

  @Test
  void shouldSayTheCureWhenMmapIsAskedFor() {
    assertThat(result.out()).contains("mmap: opening failed: native access is off");
  }

  @Test
  void shouldMapFilesWhenNativeAccessIsOff() {
    assertThat(result.out()).contains("mapped-file 0 7");
  }

  @Test
  void shouldAllocateWhenNativeAccessIsOff() {
    assertThat(result.out())
        .contains("ouroboros true built in; memory from mapped-file")
        .contains("purges false")
        .contains("blocks 1000");
  }

  /** What is run without native access. */
  static final class WithoutNativeAccess {
    private WithoutNativeAccess() {}

    public static void main(String[] args) {
      for (Availability row : Allocators.list()) {
        System.out.println(row.name() + " " + row.available() + " " + row.detail());
      }
      try {
        MmapSource.create();
      } catch (SourceException e) {
        System.out.println(e.getMessage());
      }
      MemorySource source = MappedFileSource.create();
      Reservation reservation = source.reserve(1 << 20, 1 << 20);
      reservation.commit(0, source.granularity());
      long fresh = reservation.segment().get(JAVA_LONG, 0);
      reservation.segment().set(JAVA_LONG, 0, 7);
      System.out.println(
          source.name() + " " + fresh + " " + reservation.segment().get(JAVA_LONG, 0));
      reservation.release();
      allocate();
    }

    private static void allocate() {
      try (Allocator allocator = Allocators.of("ouroboros")) {
        System.out.println("purges " + allocator.capabilities().purges());
        int good = 0;
        for (int i = 0; i < 1000; i++) {
          TestBlock block = TestBlock.fill(allocator, allocator.malloc(i * 37L), i * 37L, i);
          block.verify(allocator);
          if (i % 2 == 0) {
            allocator.free(block.address());
          }
          good++;
        }
        System.out.println("blocks " + good);
      }
    }
  }
}
