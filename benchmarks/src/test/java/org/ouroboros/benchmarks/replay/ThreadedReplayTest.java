package org.ouroboros.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The protocol that orders the calls of several threads. */
class ThreadedReplayTest {

  private static final int WINDOW = 4096;

  @Test
  void shouldMakeCallsOnABlockInTheirOrderAndKeepThreadsTogether() {
    Trace trace = TraceBuilder.bundled("rsyslog-mt");
    CallTable table = CallTable.byBlock(trace);
    int[] before = new int[table.count()];
    int[] last = new int[table.slots()];
    for (int n = 0; n < table.count(); n++) {
      int block = Call.slot(table.calls()[n]);
      before[n] = last[block];
      last[block] = n + 1;
    }
    AtomicIntegerArray done = new AtomicIntegerArray(table.count());
    AtomicReference<String> broken = new AtomicReference<>();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();

    new ThreadedReplay(trace, table)
        .replay(
            n -> {
              threads.add(Thread.currentThread());
              if (before[n] != 0 && done.get(before[n] - 1) == 0) {
                broken.set("call " + n + " was made before call " + (before[n] - 1));
              }
              int must = (n / WINDOW - 1) * WINDOW - 1;
              if (must >= 0 && done.get(must) == 0) {
                broken.set("call " + n + " was made before call " + must);
              }
              done.set(n, 1);
            });

    assertThat(broken.get()).isNull();
    assertThat(threads).hasSizeBetween(2, 10);
    for (int n = 0; n < table.count(); n++) {
      assertThat(done.get(n)).as("call %d", n).isEqualTo(1);
    }
  }

  @Test
  void shouldEndWhenAThreadFails() throws IOException {
    Trace trace = CorruptTraceTest.random(new Random(3)).decode();
    ThreadedReplay replay = new ThreadedReplay(trace, CallTable.byBlock(trace));
    assertThatThrownBy(
            () ->
                replay.replay(
                    n -> {
                      if (n == 7) {
                        throw new IllegalArgumentException("seven");
                      }
                    }))
        .hasMessage("seven");
  }
}
