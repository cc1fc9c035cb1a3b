package org.ouroboros.allocator.export;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What C could not be told. Thread rule: any thread. */
final class Failures {

  private final AtomicLong count = new AtomicLong();
  private volatile CExport.@Nullable Failure last;

  /** Notes a failure; even an error of the JVM, as far as it goes. Returns C's null. */
  long add(CFunction function, long block, long size, Throwable cause) {
    try {
      count.incrementAndGet();
      last = new CExport.Failure(function, block, size, cause);
    } catch (Throwable t) {
      // no memory even for that: counted it is
    }
    return 0;
  }

  long count() {
    return count.get();
  }

  CExport.@Nullable Failure last() {
    return last;
  }
}
