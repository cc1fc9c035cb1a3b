package org.ouroboros.benchmarks.replay;

import java.util.Arrays;

/**
 * A decoded and validated trace. Block ids have become slots: a freed slot is used again first, so
 * that there are no more slots than the trace's peak of live blocks.
 *
 * <p>The arrays are shared, not copied; nobody writes to them after decoding.
 */
final class Trace {

  private final String name;
  private final TraceHeader header;

  /** Calls and their size words, see {@link Call}. Only the first {@code callCount} count. */
  private final int[] calls;

  private final long[] sizes;
  private final int callCount;
  private final int slotCount;

  /** The call that first reaches the peak of live bytes, -1 if no byte is ever live. */
  private final int peakCall;

  /** Thread switches: before call {@code switchCall[i]} the thread becomes {@code switchTo[i]}. */
  private final int[] switchCall;

  private final int[] switchTo;

  Trace(
      String name,
      TraceHeader header,
      int[] calls,
      long[] sizes,
      int callCount,
      int slotCount,
      int peakCall,
      int[] switchCall,
      int[] switchTo) {
    this.name = name;
    this.header = header;
    this.calls = calls;
    this.sizes = sizes;
    this.callCount = callCount;
    this.slotCount = slotCount;
    this.peakCall = peakCall;
    this.switchCall = switchCall;
    this.switchTo = switchTo;
  }

  /** The file's name without its extension. */
  String name() {
    return name;
  }

  TraceHeader header() {
    return header;
  }

  int[] calls() {
    return calls;
  }

  long[] sizes() {
    return sizes;
  }

  int callCount() {
    return callCount;
  }

  int slotCount() {
    return slotCount;
  }

  /** The call that first reaches the peak of live bytes, or -1 if no byte is ever live. */
  int peakCall() {
    return peakCall;
  }

  int[] switchCall() {
    return switchCall;
  }

  int[] switchTo() {
    return switchTo;
  }

  /** Threads that make calls or are switched to; 1 where there is no switch. */
  int threads() {
    return Math.max(1, Math.toIntExact(header.threads()));
  }

  /** The number, from 0, that a call has among the events of the file. */
  long eventOf(int call) {
    int at = Arrays.binarySearch(switchCall, call + 1);
    if (at < 0) {
      return call + (-at - 1L);
    }
    while (at > 0 && switchCall[at - 1] == call + 1) {
      at--;
    }
    return (long) call + at;
  }
}
