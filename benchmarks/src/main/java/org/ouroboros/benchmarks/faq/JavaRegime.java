package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.faq.Descriptors.TooManyFilesException;

/** The JVM's collector: a Cleaner closes what it finds dropped. */
final class JavaRegime implements Regime {

  private static final Cleaner CLEANER = Cleaner.create();
  private static final long PAUSE_NANOS = 1_000_000;
  private static final int MOST_PAUSES = 1_000;

  private final Descriptors files;
  private @Nullable Object f;

  JavaRegime(Descriptors files) {
    this.files = files;
  }

  // FAQ
  // the JVM's collector: a Cleaner closes the file when the JVM finds its object dropped
  @Override
  public void next() throws TooManyFilesException, IOException {
    int fd = files.open();
    Object opened = new Object();
    CLEANER.register(opened, () -> files.close(fd));
    f = opened;
  }

  @Override
  public void collect() {
    System.gc();
    awaitCleaner();
  }

  // FAQ end

  /** Until all but the last one are closed, or for a second. */
  private void awaitCleaner() {
    int kept = f == null ? 0 : 1;
    for (int i = 0; files.count() > kept && i < MOST_PAUSES; i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public void close() {
    f = null;
    collect();
  }
}
