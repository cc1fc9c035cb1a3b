package org.ouroboros.collector.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MarkMailTest {

  @Test
  void whatIsStoredCanBeReadWhenItWasTold() {
    MarkMail mail = new MarkMail();
    for (int i = 0; i < MarkMail.CAPACITY; i++) {
      assertThat(mail.put(i)).isTrue();
    }
    assertThat(mail.put(-1)).isFalse();
    assertThat(mail.available()).isZero();
    assertThat(mail.untold()).isEqualTo(MarkMail.CAPACITY);
    mail.tell();
    assertThat(mail.untold()).isZero();
    assertThat(mail.available()).isEqualTo(MarkMail.CAPACITY);
    assertThat(mail.get(3)).isEqualTo(3);
    mail.took(5);
    assertThat(mail.get(0)).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      assertThat(mail.put(-i)).isTrue();
    }
    assertThat(mail.put(-1)).isFalse();
    mail.clear();
    assertThat(mail.available()).isZero();
    assertThat(mail.put(7)).isTrue();
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
                    int count = Math.min(mail.available(), 1 + next % 700);
                    for (int i = 0; i < count; i++) {
                      if (mail.get(i) != next + i && wrong.get() == null) {
                        wrong.set(mail.get(i) + " in place of " + (next + i));
                      }
                    }
                    mail.took(count);
                    next += count;
                    if (count == 0) {
                      Thread.yield();
                    }
                  }
                });
    for (int i = 0; i < all; i++) {
      while (!mail.put(i)) {
        mail.tell();
        Thread.yield();
      }
      if (i % 300 == 0) {
        mail.tell();
      }
    }
    mail.tell();
    reader.join();
    assertThat(wrong.get()).isNull();
  }
}
