package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import org.ouroboros.benchmarks.faq.Descriptors.TooManyFilesException;

/** The program closes each file itself. */
final class ExplicitRegime implements Regime {

  private final Descriptors files;

  ExplicitRegime(Descriptors files) {
    this.files = files;
  }

  // FAQ
  // explicit close
  @Override
  public void next() throws TooManyFilesException, IOException {
    int fd = files.open();
    files.close(fd);
  }

  // FAQ end

  @Override
  public void collect() {
    // there is nothing that could be closed
  }

  @Override
  public void close() {
    // nothing is open
  }
}
