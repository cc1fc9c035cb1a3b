package org.ouroboros.benchmarks.compare;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.replay.ProcStatus;

/**
 * What a mixed load of Netty's buffers takes, in a JVM of its own: many live direct buffers of 64 B
 * to 64 KiB (as many of each doubling), every byte written, each replaced by one of another size
 * some times over; then three of four are released. Two threads of Netty's kind in turns, each with
 * buffers of its own and some that the other made.
 */
final class BufferPattern {

  private static final int THREADS = 2;
  private static final int LEAST = 64;
  private static final int DOUBLINGS = 10;

  /** How many times over the buffers are replaced. */
  private static final int TURNS = 12;

  /** Enough for the code to be compiled, with few buffers at a time. */
  private static final int WARM_UP = 30_000;

  private static final int WARM_UP_LIVE = 32;

  /** How long the allocators are given to return what they do not need, with some traffic. */
  private static final int IDLE_ROUNDS = 20;

  private static final int IDLE_MILLIS = 20;

  private final ByteBufAllocator allocator;
  private final @Nullable ByteBuf[] live;
  private final SplittableRandom random;
  private final byte[] content = new byte[LEAST << DOUBLINGS];
  private long liveBytes;

  BufferPattern(ByteBufAllocator allocator, int live, long seed) {
    this.allocator = allocator;
    this.live = new ByteBuf[live];
    this.random = new SplittableRandom(seed);
    random.nextBytes(content);
  }

  /** Bytes that live buffers were asked for. */
  long liveBytes() {
    return liveBytes;
  }

  /** Replaces buffers by new ones, the next of a turn or one at random. */
  void replace(int times) {
    for (int i = 0; i < times; i++) {
      int slot = (i & 1) == 0 ? i / 2 % live.length : random.nextInt(live.length);
      release(slot);
      int size = (int) (LEAST * Math.pow(2, random.nextDouble() * DOUBLINGS));
      ByteBuf buffer = allocator.directBuffer(size);
      buffer.writeBytes(content, 0, size);
      live[slot] = buffer;
      liveBytes += size;
    }
  }

  /** Releases three of four, at random. */
  void releaseMost() {
    for (int slot = 0; slot < live.length; slot++) {
      if (random.nextInt(4) != 0) {
        release(slot);
      }
    }
  }

  void releaseAll() {
    for (int slot = 0; slot < live.length; slot++) {
      release(slot);
    }
  }

  private void release(int slot) {
    ByteBuf buffer = live[slot];
    if (buffer != null) {
      liveBytes -= buffer.writerIndex();
      buffer.release();
      live[slot] = null;
    }
  }

  // ------------------------------------------------------------------ in a JVM

  /**
   * Prints {@code ok}, and in bytes: live, resident at the most, resident after most were released,
   * Java heap, all but the first more than before.
   */
  public static void main(String[] args) throws Exception {
    int live = Integer.parseInt(args[1]);
    List<ExecutorService> loops =
        Stream.generate(() -> Executors.newSingleThreadExecutor(FastThreadLocalThread::new))
            .limit(THREADS)
            .toList();
    try (NettyPair pair = (NettyPair) Peer.of(args[0]).open();
        ProcStatus status = new ProcStatus()) {
      BufferPattern warmUp = new BufferPattern(pair.allocator(), WARM_UP_LIVE, 1);
      inTurns(loops, () -> warmUp.replace(WARM_UP));
      warmUp.releaseAll();
      long heapBefore = usedHeap();
      long before = status.resident();
      ProcStatus.resetPeak();
      BufferPattern pattern = new BufferPattern(pair.allocator(), live, 2);
      for (int turn = 0; turn < TURNS; turn++) {
        inTurns(loops, () -> pattern.replace(live));
      }
      long peak = status.peakResident() - before;
      long liveBytes = pattern.liveBytes();
      long heap = usedHeap() - heapBefore;
      inTurns(loops.subList(0, 1), pattern::releaseMost);
      for (int i = 0; i < IDLE_ROUNDS; i++) {
        Thread.sleep(IDLE_MILLIS);
        inTurns(loops, () -> warmUp.replace(WARM_UP_LIVE));
      }
      System.out.println(
          "ok " + liveBytes + " " + peak + " " + (status.resident() - before) + " " + heap);
      pattern.releaseAll();
      warmUp.releaseAll();
    } finally {
      loops.forEach(ExecutorService::close);
    }
  }

  /** Runs the same on each of the threads, one after the other. */
  private static void inTurns(List<ExecutorService> loops, Runnable work) throws Exception {
    for (ExecutorService loop : loops) {
      loop.submit(work).get();
    }
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
