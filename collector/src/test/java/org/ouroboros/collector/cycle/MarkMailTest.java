package org.ouroboros.collector.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MarkMailTest {

  private static int[] numbers(int first, int count) {
    return IntStream.range(first, first + count).toArray();
  }

  @Test
  void whatIsStoredCanBeReadWhenItWasTold() {
    MarkMail mail = new MarkMail(8);
    int[] to = new int[5];
    assertThat(mail.put(numbers(0, 6), 0, 6)).isEqualTo(6);
    assertThat(mail.put(numbers(4, 6), 2, 4)).isEqualTo(2);
    assertThat(mail.put(numbers(0, 1), 0, 1)).isZero();
    assertThat(mail.available()).isZero();
    assertThat(mail.take(to)).isZero();
    assertThat(mail.untold()).isEqualTo(8);
    mail.tell();
    assertThat(mail.untold()).isZero();
    assertThat(mail.available()).isEqualTo(8);
    assertThat(mail.take(to)).isEqualTo(5);
    assertThat(to).containsExactly(0, 1, 2, 3, 4);
    assertThat(mail.available()).isEqualTo(3);
    // over the end of the ring
    assertThat(mail.put(numbers(8, 9), 0, 9)).isEqualTo(5);
    mail.tell();
    assertThat(mail.take(to)).isEqualTo(5);
    assertThat(to).containsExactly(5, 6, 7, 8, 9);
    assertThat(mail.take(to)).isEqualTo(3);
    assertThat(to).startsWith(10, 11, 12);
    assertThat(mail.put(numbers(0, 8), 0, 8)).isEqualTo(8);
    mail.clear();
    assertThat(mail.available()).isZero();
    assertThat(mail.put(numbers(7, 1), 0, 1)).isEqualTo(1);
  }

  /** A writer and a reader at once: every id arrives, in order, whatever the pieces. */
  @Test
  void idsArriveOnceAndInOrder() throws InterruptedException {
    int all = 3_000_000;
    MarkMail mail = new MarkMail();
    AtomicReference<String> wrong = new AtomicReference<>();
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int next = 0; next < all; ) {
                    int[] to = new int[1 + next % 700];
                    int count = mail.take(to);
                    for (int i = 0; i < count; i++) {
                      if (to[i] != next + i && wrong.get() == null) {
                        wrong.set(to[i] + " in place of " + (next + i));
                      }
                    }
                    next += count;
                    if (count == 0) {
                      Thread.yield();
                    }
                  }
                });
    int[] ids = numbers(0, all);
    for (int i = 0; i < all; ) {
      int put = mail.put(ids, i, Math.min(1 + i % 300, all - i));
      if (put == 0 || i % 3 == 0) {
        mail.tell();
        Thread.yield();
      }
      i += put;
    }
    mail.tell();
    reader.join();
    assertThat(wrong.get()).isNull();
  }
}
