package org.ouroboros.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Accounts that threads charge at the same time, around the reservation and the limit. */
class AccountTest {

  private static final int ROUNDS = 400_000;

  @Test
  void theParentHasExactlyWhatIsBeyondTheReservation() throws Exception {
    Account parent = new Account(null, 0, 2500);
    assertThat(parent.charge(1000)).isNull();
    Account child = new Account(parent, 1000, 2400);
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        int bytes = 600 + 100 * i;
        workers.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    if (child.charge(bytes) == null) {
                      child.release(bytes);
                    }
                  }
                }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    }
    assertThat(child.charged()).isZero();
    assertThat(parent.charged()).isEqualTo(1000);
    assertThat(parent.peak()).isLessThanOrEqualTo(2500);
    assertThat(child.peak()).isLessThanOrEqualTo(2400);
  }
}
