package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The memory of an allocator that keeps its own counsel: growth of the whole process since the
 * gauge was made. The curve is anonymous resident memory; the peak is the kernel's own high water
 * mark, as the yardstick in C takes it. The JVM must be kept still meanwhile: heap of a fixed size
 * that was touched before, code compiled before. What it still does shows as noise, some 100 KiB.
 */
final class ProcessGauge implements MemoryGauge {

  private final ProcStatus status;
  private final long anonymousBefore;
  private final long residentBefore;

  ProcessGauge() throws IOException {
    status = new ProcStatus();
    status.anonymous();
    status.peakResident();
    ProcStatus.resetPeak();
    anonymousBefore = status.anonymous();
    residentBefore = status.resident();
  }

  @Override
  public long resident() {
    try {
      return Math.max(0, status.anonymous() - anonymousBefore);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long residentInside() {
    return resident();
  }

  @Override
  public long committed() {
    return ProcStatus.UNKNOWN;
  }

  @Override
  public long peakResident() {
    try {
      return Math.max(0, status.peakResident() - residentBefore);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long peakCommitted() {
    return ProcStatus.UNKNOWN;
  }

  @Override
  public void beforeFall(Runnable action) {
    // the kernel's high water mark needs no help
  }
}
