package org.ouroboros.benchmarks.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallClockTest {

  private final CallClock clock = new CallClock();

  /** A call in which the thread sleeps has had no processor for most of its time. */
  @Test
  void shouldTellForHowLongTheThreadRan() throws InterruptedException {
    clock.run(true);
    long begin = clock.now();
    TimeUnit.MILLISECONDS.sleep(20);
    long next = clock.lap(begin);
    assertThat(clock.longCalls().size()).isOne();
    assertThat(clock.longCalls().length(0)).isGreaterThanOrEqualTo(20_000_000);
    assertThat(clock.running().size()).isOne();
    assertThat(clock.running().begin(0)).isEqualTo(begin);
    assertThat(clock.running().length(0)).isLessThan(clock.longCalls().length(0));
    assertThat(next).isGreaterThanOrEqualTo(clock.longCalls().end(0));
  }

  /** What was missing before a call is not taken off it. */
  @Test
  void shouldForgetWhenTheThreadStoodStillOutsideOfCalls() throws InterruptedException {
    clock.run(true);
    long begin = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(20);
    clock.idle(begin, System.nanoTime());
    assertThat(clock.longCalls().size()).isZero();
    assertThat(clock.gaps().length(0)).isGreaterThanOrEqualTo(20_000_000);
    long call = clock.now();
    long sum = 0;
    while (System.nanoTime() - call < CallClock.LONG_NANOS) {
      sum++;
    }
    clock.lap(call);
    assertThat(sum).isPositive();
    assertThat(clock.running().length(0)).isPositive();
  }

  @Test
  void shouldNoteNothingUnlessItRuns() {
    assertThat(clock.now()).isZero();
    assertThat(clock.lap(-CallClock.LONG_NANOS)).isZero();
    assertThat(clock.calls().getTotalCount()).isZero();
    assertThat(clock.longCalls().size()).isZero();
  }
}
