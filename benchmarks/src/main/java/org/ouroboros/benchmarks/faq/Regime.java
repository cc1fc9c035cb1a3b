package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import org.ouroboros.benchmarks.faq.Descriptors.TooManyFilesException;

/** Who closes the file that a dropped object has open. */
interface Regime extends AutoCloseable {

  /**
   * One turn of {@code for name in names: f = open(name)}: opens a file, and drops the one of the
   * turn before.
   *
   * @throws TooManyFilesException at the limit; nothing has changed
   */
  void next() throws TooManyFilesException, IOException;

  /** What a program can do at the limit: collect, so that dropped files are closed. */
  void collect();

  /** Drops the last file, and waits until all are closed. */
  @Override
  void close();
}
