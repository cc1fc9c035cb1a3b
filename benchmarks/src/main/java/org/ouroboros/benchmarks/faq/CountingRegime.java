package org.ouroboros.benchmarks.faq;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import org.ouroboros.benchmarks.faq.Descriptors.TooManyFilesException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;

/** Reference counts: the finalizer of a dropped object closes its file at once. */
final class CountingRegime implements Regime {

  private final Descriptors files;
  private final ObjectType file;
  private final long fdOffset;
  private final Heap heap = Heap.ofConfined();
  private long f = Heap.NULL;

  // FAQ
  // reference counts: a finalizer closes the file when the last reference goes
  CountingRegime(Descriptors files) {
    this.files = files;
    this.file =
        ObjectType.builder("file")
            .field("fd", JAVA_INT)
            .finalizer((h, ref) -> files.close(fd(h, ref)))
            .build();
    this.fdOffset = file.offset("fd");
  }

  @Override
  public void next() throws TooManyFilesException, IOException {
    int fd = files.open();
    long opened = heap.allocate(file);
    heap.setInt(opened, fdOffset, fd);
    heap.release(f); // f = open(name): the file of the turn before is closed in here
    f = opened;
  }

  // FAQ end

  private int fd(Heap h, long ref) {
    return h.getInt(ref, fdOffset);
  }

  @Override
  public void collect() {
    heap.collector().collect();
  }

  @Override
  public void close() {
    heap.release(f);
    heap.close();
  }
}
