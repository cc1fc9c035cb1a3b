package org.ouroboros.allocator.source;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of {@link MemorySource} and {@link Reservation}. */
public abstract class MemorySourceContractTest {

  private static final int UNITS = 64;

  /** The source under test. */
  protected MemorySource source;

  /** Bytes of its unit. */
  protected long unit;

  /** A reservation of some units. */
  protected Reservation reservation;

  /** For the subclasses. */
  protected MemorySourceContractTest() {}

  /** Makes the source under test. */
  protected abstract MemorySource create();

  @BeforeEach
  final void reserve() {
    source = create();
    unit = source.granularity();
    reservation = source.reserve(UNITS * unit, unit);
  }

  @AfterEach
  final void release() {
    if (reservation != null) {
      reservation.release();
    }
  }

  // Reserving

  @Test
  void shouldDescribeItselfWhenAsked() {
    assertThat(source.name()).isNotBlank().isLowerCase();
    assertThat(Long.bitCount(unit)).isEqualTo(1);
    assertThat(reservation.size()).isEqualTo(UNITS * unit);
    assertThat(reservation.segment().byteSize()).isEqualTo(UNITS * unit);
    assertThat(reservation.segment().address()).isEqualTo(reservation.address()).isNotZero();
    assertThat(reservation.segment()).isSameAs(reservation.segment());
  }

  @Test
  void shouldAlignWhenAskedForPowersOfTwo() {
    for (long alignment = 1; alignment <= 1 << 30; alignment *= 2) {
      Reservation aligned = source.reserve(3 * unit, alignment);
      assertThat(aligned.address() % alignment).isZero();
      assertThat(aligned.size()).isEqualTo(3 * unit);
      aligned.commit(0, 3 * unit);
      aligned.segment().fill((byte) 1);
      aligned.release();
    }
  }

  @Test
  void shouldGiveDistinctRangesWhenReservingOften() {
    List<Reservation> reservations = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      reservations.add(source.reserve(i * unit, unit));
    }
    reservations.sort(Comparator.comparingLong(Reservation::address));
    for (int i = 1; i < reservations.size(); i++) {
      Reservation before = reservations.get(i - 1);
      assertThat(reservations.get(i).address())
          .isGreaterThanOrEqualTo(before.address() + before.size());
    }
    reservations.forEach(Reservation::release);
  }

  @Test
  void shouldReserveWhenThereIsLessMemoryThanThat() {
    Reservation large = source.reserve(64L << 30, 4 << 20);
    large.commit(large.size() - unit, unit);
    large.segment().set(JAVA_LONG, large.size() - Long.BYTES, 5);
    assertThat(large.segment().get(JAVA_LONG, large.size() - Long.BYTES)).isEqualTo(5);
    large.release();
  }

  @Test
  void shouldThrowWhenRequestIsBad() {
    for (long bytes : new long[] {0, -1, -unit, Long.MIN_VALUE, 1, unit - 1, unit + 1}) {
      assertThatIllegalArgumentException().isThrownBy(() -> source.reserve(bytes, unit));
    }
    for (long alignment : new long[] {0, -1, 3, unit + 1, 3 * unit, Long.MIN_VALUE}) {
      assertThatIllegalArgumentException().isThrownBy(() -> source.reserve(unit, alignment));
    }
  }

  @Test
  void shouldFailTypedWhenThereIsNoSuchAddressSpace() {
    long most = Long.MAX_VALUE & -unit;
    for (long bytes : new long[] {most, 1L << 62, 1L << 52}) {
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> source.reserve(bytes, unit))
          .withMessageContaining(source.name())
          .withMessageContaining(Long.toString(bytes));
    }
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> source.reserve(unit, 1L << 62));
    reservation.commit(0, unit);
    assertZero(0, unit);
  }

  // Committing

  @Test
  void shouldReadZeroWhenCommittedFirst() {
    reservation.commit(unit, 3 * unit);
    assertZero(unit, 3 * unit);
  }

  @Test
  void shouldKeepContentWhenCommittedAgain() {
    reservation.commit(2 * unit, 2 * unit);
    MemorySegment written = reservation.segment().asSlice(2 * unit, 2 * unit);
    written.fill((byte) 9);

    reservation.commit(2 * unit, 2 * unit);
    reservation.commit(3 * unit, unit);
    reservation.commit(0, UNITS * unit);

    assertThat(written.get(JAVA_BYTE, 0)).isEqualTo((byte) 9);
    assertThat(written.get(JAVA_BYTE, 2 * unit - 1)).isEqualTo((byte) 9);
    assertZero(0, 2 * unit);
    assertZero(4 * unit, (UNITS - 4) * unit);
  }

  @Test
  void shouldThrowWhenRangeIsBad() {
    long size = reservation.size();
    long[][] ranges = {
      {-unit, unit},
      {0, -unit},
      {0, size + unit},
      {size, unit},
      {size + unit, 0},
      {unit, size},
      {unit, Long.MAX_VALUE & -unit},
      {Long.MAX_VALUE & -unit, unit},
      {Long.MIN_VALUE, unit},
      {1, unit},
      {0, unit + 1},
      {unit / 2, unit / 2}
    };
    for (long[] range : ranges) {
      assertThatIllegalArgumentException().isThrownBy(() -> reservation.commit(range[0], range[1]));
      assertThatIllegalArgumentException().isThrownBy(() -> reservation.purge(range[0], range[1]));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reservation.adviseHugePages(range[0], range[1]));
    }
  }

  @Test
  void shouldDoNothingWhenRangeIsEmpty() {
    for (long offset : new long[] {0, unit, reservation.size()}) {
      assertThatCode(
              () -> {
                reservation.commit(offset, 0);
                reservation.purge(offset, 0);
                reservation.adviseHugePages(offset, 0);
              })
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8})
  void shouldCommitWhenThreadsDoItAtOnce(int threads) throws Exception {
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int first = i;
      work.add(
          () -> {
            for (int each = first; each < UNITS; each += threads) {
              reservation.commit(each * unit, unit);
              reservation.segment().asSlice(each * unit, unit).fill((byte) (each + 1));
            }
            return null;
          });
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<Void> result : executor.invokeAll(work)) {
        result.get();
      }
    }
    for (int each = 0; each < UNITS; each++) {
      assertThat(reservation.segment().get(JAVA_BYTE, each * unit)).isEqualTo((byte) (each + 1));
      assertThat(reservation.segment().get(JAVA_BYTE, (each + 1) * unit - 1))
          .isEqualTo((byte) (each + 1));
    }
  }

  @Test
  void shouldServeWhenTheThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    Reservation other = source.reserve(2 * unit, unit);
    other.commit(0, unit);
    other.segment().set(JAVA_LONG, 0, 3);
    other.commit(unit, unit);
    other.release();
    reservation.commit(0, unit);
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    reservation.commit(unit, unit);
    assertZero(0, 2 * unit);
  }

  // Purging

  @Test
  void shouldReadZeroWhenPurgedAndItPurges() {
    reservation.commit(0, 4 * unit);
    reservation.segment().asSlice(0, 4 * unit).fill((byte) 7);

    reservation.purge(unit, 2 * unit);

    if (source.purges()) {
      assertZero(unit, 2 * unit);
    } else {
      assertThat(reservation.segment().get(JAVA_BYTE, unit)).isEqualTo((byte) 7);
    }
    assertThat(reservation.segment().get(JAVA_BYTE, unit - 1)).isEqualTo((byte) 7);
    assertThat(reservation.segment().get(JAVA_BYTE, 3 * unit)).isEqualTo((byte) 7);
    reservation.segment().asSlice(0, 4 * unit).fill((byte) 8);
    reservation.commit(0, 4 * unit);
    assertThat(reservation.segment().get(JAVA_BYTE, 2 * unit)).isEqualTo((byte) 8);
  }

  @Test
  void shouldKeepContentWhenHugePagesAreAdvised() {
    reservation.commit(0, 4 * unit);
    reservation.segment().set(JAVA_LONG, 0, 5);
    reservation.adviseHugePages(0, reservation.size());
    assertThat(reservation.segment().get(JAVA_LONG, 0)).isEqualTo(5);
  }

  // Releasing

  @Test
  void shouldThrowWhenUsedAfterRelease() {
    reservation.commit(0, unit);
    reservation.release();

    assertThatCode(reservation::release).doesNotThrowAnyException();
    assertThatIllegalStateException().isThrownBy(() -> reservation.commit(0, unit));
    assertThatIllegalStateException().isThrownBy(() -> reservation.purge(0, unit));
    assertThatIllegalStateException().isThrownBy(() -> reservation.adviseHugePages(0, unit));
  }

  private void assertZero(long offset, long bytes) {
    MemorySegment range = reservation.segment().asSlice(offset, bytes);
    for (long i = 0; i < bytes; i += Long.BYTES) {
      if (range.get(JAVA_LONG, i) != 0) {
        throw new AssertionError("byte " + (offset + i) + " is not zero");
      }
    }
  }
}
