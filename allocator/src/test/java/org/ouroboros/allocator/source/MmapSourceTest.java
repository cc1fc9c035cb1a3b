package org.ouroboros.allocator.source;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.ResidentSize;

class MmapSourceTest extends MemorySourceContractTest {

  private static final int ENOMEM = 12;

  @Override
  protected MemorySource create() {
    assumeTrue(MmapSource.isSupported(), () -> MmapSource.obstacle().orElse(""));
    return MmapSource.create();
  }

  @Test
  void shouldLowerResidentSizeWhenPurged() throws Exception {
    assumeTrue(ResidentSize.isKnown(), "no smaps");
    final long bytes = 64 << 20;
    // What is not committed keeps the kernel from merging the mapping with its neighbours.
    Reservation large = source.reserve(bytes + 2 * unit, unit);
    large.commit(unit, bytes);
    large.segment().asSlice(unit, bytes).fill((byte) 1);
    assertThat(ResidentSize.of(large.address(), large.size())).isEqualTo(bytes);

    large.purge(unit, bytes / 2);
    assertThat(ResidentSize.of(large.address(), large.size())).isEqualTo(bytes / 2);

    large.purge(unit + bytes / 2, bytes / 2);
    assertThat(ResidentSize.of(large.address(), large.size())).isZero();
    large.release();
  }

  @Test
  void shouldTellErrnoWhenThereIsNoSuchAddressSpace() {
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> source.reserve(1L << 52, unit))
        .withMessageContaining("Cannot allocate memory")
        .satisfies(e -> assertThat(e.errno()).isEqualTo(ENOMEM));
  }

  @Test
  void shouldTellErrnoAndStayUsableWhenCommitIsOverTheLimit() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run("ulimit -d 2000000;", OverTheLimit.class, ForkedJvm.NATIVE_ACCESS);

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("mmap: commit of 4294967296 bytes at 0x")
        .contains("Cannot allocate memory")
        .contains("(errno 12)")
        .contains("still usable 7");
    assertThat(result.exitCode()).isZero();
  }

  /** Commits more than the limit of the process. */
  static final class OverTheLimit {
    private OverTheLimit() {}

    public static void main(String[] args) {
      MemorySource source = MmapSource.create();
      Reservation reservation = source.reserve(4L << 30, source.granularity());
      try {
        reservation.commit(0, reservation.size());
      } catch (SourceException e) {
        System.out.println(e.getMessage());
      }
      reservation.commit(0, source.granularity());
      reservation.segment().set(JAVA_LONG, 0, 7);
      System.out.println("still usable " + reservation.segment().get(JAVA_LONG, 0));
    }
  }
}
