package org.ouroboros.benchmarks.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ouroboros.benchmarks.replay.TraceException.Place;

/**
 * Reads a {@code .mtrace.gz} in one pass and believes nothing of it: every event is checked against
 * the blocks that are live, and the header against the events. Memory grows with the events that
 * were really there, never with what the file claims. Of a trace that is still being recorded, or
 * whose program was killed, the header claims nothing, and an end in the middle is an end.
 */
final class TraceDecoder {

  private static final String MAGIC = "MTRACE1\n";
  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final int DEAD = -1;
  private static final int MAX_VARINT_SHIFT = 56;

  private final String file;
  private final GunzipInput in;
  private final GrowingInts calls = new GrowingInts();
  private final GrowingLongs sizes = new GrowingLongs();
  private final GrowingInts switchCall = new GrowingInts();
  private final GrowingInts switchTo = new GrowingInts();
  private final long[] eventsOf = new long[Call.THREAD + 1];

  /** Slot of each block by its id, {@link #DEAD} once freed. */
  private final GrowingInts slotOf = new GrowingInts();

  /** Slots to be used again, last freed first; and the size of the block in each slot. */
  private final GrowingInts spare = new GrowingInts();

  private final GrowingLongs sizeOf = new GrowingLongs();
  private long liveBytes;
  private long peakBytes;
  private int peakCall = -1;
  private long peakBlocks;
  private long liveBlocks;
  private int thread;
  private int threads = 1;

  /** Stream offset of the event being read. */
  private long eventStart;

  private TraceDecoder(String file, GunzipInput in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Decodes a trace and closes its stream.
   *
   * @param name the trace's name, without extension
   * @param file how messages call it
   * @param bytes the gzip file
   * @throws TraceException if it is not a valid trace
   * @throws IOException if it cannot be read
   */
  static Trace decode(String name, String file, InputStream bytes) throws IOException {
    try (GunzipInput in = new GunzipInput(file, bytes)) {
      return new TraceDecoder(file, in).decode(name);
    }
  }

  private Trace decode(String name) throws IOException {
    for (int i = 0; i < MAGIC.length(); i++) {
      if (in.read() != MAGIC.charAt(i)) {
        throw new TraceException(file, Place.STREAM, i, "not a trace: no line MTRACE1");
      }
    }
    TraceHeader header = readHeader();
    if (header.recording()) {
      in.allowCut();
    }
    try {
      readEvents(header);
    } catch (HeapFullException e) {
      TraceException full = fault("more events than fit into this heap; enlarge it with -Xmx");
      full.initCause(e);
      throw full;
    }
    if (header.recording()) {
      header = counted(header.description());
    } else {
      checkCounts(header);
    }
    return new Trace(
        name,
        header,
        calls.array(),
        sizes.array(),
        calls.size(),
        sizeOf.size(),
        peakCall,
        Arrays.copyOf(switchCall.array(), switchCall.size()),
        Arrays.copyOf(switchTo.array(), switchTo.size()));
  }

  private void checkCounts(TraceHeader header) throws IOException {
    check("mallocs", header.mallocs(), eventsOf[Call.MALLOC]);
    check("callocs", header.callocs(), eventsOf[Call.CALLOC]);
    check("aligned", header.aligned(), eventsOf[Call.ALIGNED]);
    check("reallocs", header.reallocs(), eventsOf[Call.REALLOC]);
    check("frees", header.frees(), eventsOf[Call.FREE]);
    check("peakLiveBytes", header.peakLiveBytes(), peakBytes);
    check("peakLiveBlocks", header.peakLiveBlocks(), peakBlocks);
    check("endLiveBlocks", header.endLiveBlocks(), liveBlocks);
    boolean noThread = header.events() == 0 && header.threads() == 0;
    check("threads", header.threads(), noThread ? 0 : threads);
  }

  /** What the header would say if the recording had been completed. */
  private TraceHeader counted(String description) {
    return new TraceHeader(
        description,
        Arrays.stream(eventsOf).sum(),
        eventsOf[Call.MALLOC],
        eventsOf[Call.CALLOC],
        eventsOf[Call.ALIGNED],
        eventsOf[Call.REALLOC],
        eventsOf[Call.FREE],
        threads,
        peakBytes,
        peakBlocks,
        liveBlocks,
        true);
  }

  private TraceHeader readHeader() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new TraceException(file, Place.STREAM, in.offset(), "cut short inside the header");
      }
      if (line.size() == MAX_HEADER_BYTES) {
        throw new TraceException(file, Place.STREAM, in.offset(), "the header line has no end");
      }
      line.write(b);
    }
    try {
      return TraceHeader.parse(line.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      String what = String.valueOf(e.getMessage());
      TraceException fault = new TraceException(file, Place.STREAM, MAGIC.length(), what);
      fault.initCause(e);
      throw fault;
    }
  }

  private void readEvents(TraceHeader header) throws IOException {
    for (long events = 0; ; events++) {
      eventStart = in.offset();
      int first = in.read();
      if (first < 0) {
        if (!header.recording()) {
          check("events", header.events(), events);
        }
        return;
      }
      if (events == header.events() && !header.recording()) {
        throw fault("the header says " + events + " events, but something follows the last");
      }
      long opcode = varint(first);
      if (opcode > Call.THREAD) {
        throw fault("unknown opcode " + opcode);
      }
      try {
        readEvent((int) opcode);
      } catch (TraceException e) {
        if (header.recording() && in.isAtEnd()) {
          return;
        }
        throw e;
      }
      eventsOf[(int) opcode]++;
    }
  }

  private void readEvent(int op) throws IOException {
    switch (op) {
      case Call.MALLOC, Call.CALLOC -> create(op, size(), 0);
      case Call.ALIGNED -> {
        int log2 = log2Alignment();
        create(Call.ALIGNED, size(), log2);
      }
      case Call.REALLOC -> resize();
      case Call.FREE -> release();
      default -> switchThread();
    }
  }

  private void create(int op, long size, int log2) throws IOException {
    int slot;
    if (spare.size() > 0) {
      slot = spare.removeLast();
      sizeOf.set(slot, size);
    } else {
      slot = sizeOf.size();
      if (slot == Call.MAX_SLOTS) {
        throw fault("more than " + Call.MAX_SLOTS + " blocks are live");
      }
      sizeOf.add(size);
    }
    slotOf.add(slot);
    addCall(op, slot, op == Call.ALIGNED ? Call.packAligned(log2, size) : size);
    peakBlocks = Math.max(peakBlocks, ++liveBlocks);
    addLive(size);
  }

  private void resize() throws IOException {
    int slot = slotOf.get(liveBlock());
    long size = size();
    if (size == 0) {
      throw fault("realloc to size 0");
    }
    addCall(Call.REALLOC, slot, size);
    addLive(size - sizeOf.get(slot));
    sizeOf.set(slot, size);
  }

  private void release() throws IOException {
    int id = liveBlock();
    int slot = slotOf.get(id);
    addCall(Call.FREE, slot, 0);
    addLive(-sizeOf.get(slot));
    slotOf.set(id, DEAD);
    spare.add(slot);
    liveBlocks--;
  }

  private void switchThread() throws IOException {
    long to = varint(in.read());
    if (to == thread) {
      throw fault("thread switch to the acting thread " + to);
    }
    if (to > threads) {
      throw fault("thread " + to + " appears before thread " + threads);
    }
    thread = (int) to;
    threads = Math.max(threads, thread + 1);
    switchCall.add(calls.size());
    switchTo.add(thread);
  }

  private void addCall(int op, int slot, long size) {
    calls.add(Call.pack(op, slot));
    sizes.add(size);
  }

  private void addLive(long bytes) throws IOException {
    liveBytes += bytes;
    if (liveBytes > peakBytes) {
      if (liveBytes > Call.MAX_SIZE) {
        throw fault("more than 2^47 bytes are live");
      }
      peakBytes = liveBytes;
      peakCall = calls.size() - 1;
    }
  }

  private int liveBlock() throws IOException {
    long back = varint(in.read());
    if (back < 1 || back > slotOf.size()) {
      throw fault("back reference " + back + ", but " + slotOf.size() + " blocks were created");
    }
    int id = (int) (slotOf.size() - back);
    if (slotOf.get(id) == DEAD) {
      throw fault("back reference " + back + " to block " + id + ", which is not live");
    }
    return id;
  }

  private long size() throws IOException {
    long size = varint(in.read());
    if (size > Call.MAX_SIZE) {
      throw fault("a block of " + size + " bytes");
    }
    return size;
  }

  private int log2Alignment() throws IOException {
    long log2 = varint(in.read());
    if (log2 > Call.MAX_LOG2_ALIGNMENT) {
      throw fault("an alignment of 2^" + log2);
    }
    return (int) log2;
  }

  private long varint(int first) throws IOException {
    if (first < 0) {
      throw fault("cut short inside an event");
    }
    long value = first & 0x7f;
    int b = first;
    for (int shift = 7; b >= 0x80; shift += 7) {
      if (shift > MAX_VARINT_SHIFT) {
        throw fault("a number of more than 63 bits");
      }
      b = in.read();
      if (b < 0) {
        throw fault("cut short inside an event");
      }
      value |= (long) (b & 0x7f) << shift;
    }
    return value;
  }

  private void check(String key, long claimed, long found) throws IOException {
    if (claimed != found) {
      throw new TraceException(
          file,
          Place.STREAM,
          in.offset(),
          "the header says " + key + " " + claimed + ", but the events give " + found);
    }
  }

  private TraceException fault(String what) {
    return new TraceException(file, Place.STREAM, eventStart, what);
  }
}
