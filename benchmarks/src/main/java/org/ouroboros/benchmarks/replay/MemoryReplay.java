package org.ouroboros.benchmarks.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.ouroboros.allocator.Allocator;

/**
 * Replays a trace and writes every byte of every block, so that what was asked for is resident, and
 * reads the allocator's memory along the way: at even distances, at new peaks of live bytes, at the
 * highest of them, before memory is purged, and at the end.
 */
final class MemoryReplay implements Step {

  private static final int EVEN_READINGS = 64;

  /** Readings before purges are taken at most this often. */
  private static final int MAX_FALL_READINGS = 1024;

  /** A new peak is read when it is this much above the one read last. */
  private static final double PEAK_GROWTH = 1.05;

  private final Allocator allocator;
  private final CallTable table;
  private final int peakCall;
  private final MemoryGauge gauge;
  private final long[] addresses;
  private final long[] held;
  private final AtomicLong live = new AtomicLong();
  private final List<MemoryPoint> points = new ArrayList<>();
  private final int distance;

  /** Held while the gauge is read. Whoever waits for it must be outside the allocator. */
  private final ReentrantLock reading = new ReentrantLock();

  private volatile long nextPeak = 1;
  private volatile int lastReading;
  private volatile int current;
  private long peakResident;

  MemoryReplay(Allocator allocator, CallTable table, int peakCall, MemoryGauge gauge) {
    this.allocator = allocator;
    this.table = table;
    this.peakCall = peakCall;
    this.gauge = gauge;
    this.addresses = new long[table.slots()];
    this.held = new long[table.slots()];
    this.distance = Math.max(1, table.count() / EVEN_READINGS);
    gauge.beforeFall(this::beforeFall);
  }

  /** All calls in order. */
  void replay() {
    for (int n = 0; n < table.count(); n++) {
      call(n);
    }
  }

  @Override
  public void call(int n) {
    current = n;
    int op = Call.op(table.calls()[n]);
    int slot = Call.slot(table.calls()[n]);
    long size = Call.bytes(op, table.sizes()[n]);
    long old = op == Call.REALLOC || op == Call.FREE ? held[slot] : 0;
    switch (op) {
      case Call.MALLOC -> addresses[slot] = allocator.malloc(size);
      case Call.CALLOC -> addresses[slot] = allocator.calloc(1, size);
      case Call.REALLOC -> addresses[slot] = allocator.realloc(addresses[slot], size);
      case Call.FREE -> {
        allocator.free(addresses[slot]);
        addresses[slot] = 0;
      }
      default -> {
        long alignment = Call.alignment(table.sizes()[n]);
        addresses[slot] = allocator.alignedAlloc(alignment, size);
      }
    }
    held[slot] = size;
    if (size > old) {
      NativeMemory.fill(addresses[slot] + old, size - old, (byte) 1);
    }
    long now = live.addAndGet(size - old);
    if (n % distance == 0 || n == peakCall || now > nextPeak) {
      read(now);
    }
  }

  /** The last reading; then everything live is freed. */
  void finish() {
    current = table.count();
    read(live.get());
    peakResident = Math.max(peakResident, gauge.peakResident());
    gauge.beforeFall(() -> {});
    TimedReplay.drain(allocator, addresses);
  }

  List<MemoryPoint> points() {
    return points;
  }

  long peakResident() {
    return peakResident;
  }

  /** Runs inside the allocator, perhaps under a lock of its own that a reading waits for. */
  private void beforeFall() {
    if (current - lastReading > table.count() / MAX_FALL_READINGS && reading.tryLock()) {
      try {
        lastReading = current;
        peakResident = Math.max(peakResident, gauge.residentInside());
      } finally {
        reading.unlock();
      }
    }
  }

  private void read(long now) {
    reading.lock();
    try {
      lastReading = current;
      nextPeak = Math.max(nextPeak, (long) (now * PEAK_GROWTH));
      long resident = gauge.resident();
      peakResident = Math.max(peakResident, resident);
      points.add(new MemoryPoint(current, now, resident, gauge.committed()));
    } finally {
      reading.unlock();
    }
  }
}
