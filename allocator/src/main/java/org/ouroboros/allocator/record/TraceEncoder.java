package org.ouroboros.allocator.record;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns events with addresses into events of the trace format, in which blocks have numbers, and
 * counts them. What would make the trace invalid is left out and counted: the program may free what
 * was allocated before the recording began, or is no block at all.
 *
 * <p>Thread rule: the writer's.
 */
final class TraceEncoder {

  /** No event takes more bytes, with a thread switch before it. */
  private static final int MAX_EVENT_BYTES = 48;

  private static final int THREAD = 5;

  /** As much as makes a member of the file; one more chunk of events fits behind it, mostly. */
  private static final int FULL = 1 << 18;

  private final LiveBlocks live = new LiveBlocks();
  private final TraceCounts counts;

  /** Blocks that another block has taken the address of before their free was seen. */
  private final Set<Long> freeOwed = new HashSet<>();

  private byte[] bytes = new byte[FULL + FULL / 4];
  private int size;
  private long created;
  private @Nullable EventLog acting;
  private long unknownBlocks;
  private long disordered;

  TraceEncoder(TraceCounts counts) {
    this.counts = counts;
  }

  /** The next event, of a log's thread. */
  void event(EventLog log, int op, long address, int log2Alignment, long size) {
    if (this.size > bytes.length - 2 * MAX_EVENT_BYTES) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    switch (op) {
      case EventWord.FREE -> free(log, address);
      case EventWord.RESIZING -> resizing(log, address);
      case EventWord.RESIZED -> resized(log, address, size);
      default -> create(log, op, address, log2Alignment, size);
    }
  }

  private void create(EventLog log, int op, long address, int log2Alignment, long size) {
    addressTaken(log, address);
    begin(log, op);
    if (op == EventWord.ALIGNED) {
      varint(log2Alignment);
    }
    varint(size);
    live.put(address, created++, size);
    counts.created(op, size);
  }

  /** A block that is still live here had this address: its free will come late, or never. */
  private void addressTaken(EventLog log, long address) {
    if (live.has(address)) {
      free(log, address);
      freeOwed.add(address);
      disordered++;
    }
  }

  private void free(EventLog log, long address) {
    if (!freeOwed.isEmpty() && freeOwed.remove(address)) {
      return;
    }
    long block = live.remove(address);
    if (block == 0) {
      unknownBlocks++;
      return;
    }
    begin(log, EventWord.FREE);
    varint(created - LiveBlocks.number(block));
    counts.freed(live.takeSize(block));
  }

  /** From now on somebody else may be given the block's address. */
  private void resizing(EventLog log, long address) {
    long block = live.remove(address);
    log.resizingAddress = address;
    log.resizingId = -1;
    if (block == 0) {
      unknownBlocks++;
    } else {
      log.resizingId = LiveBlocks.number(block);
      log.resizingSize = live.takeSize(block);
    }
  }

  private void resized(EventLog log, long address, long size) {
    if (address == 0) {
      if (log.resizingId >= 0) {
        live.put(log.resizingAddress, log.resizingId, log.resizingSize);
      }
    } else if (log.resizingId < 0) {
      create(log, EventWord.MALLOC, address, 0, size);
    } else {
      addressTaken(log, address);
      begin(log, EventWord.RESIZING);
      varint(created - log.resizingId);
      // The format has no realloc to nothing, which in C may free.
      long written = Math.max(1, size);
      varint(written);
      live.put(address, log.resizingId, written);
      counts.resized(log.resizingSize, written);
    }
  }

  private void begin(EventLog log, int opcode) {
    if (log != acting) {
      if (log.number < 0) {
        log.number = counts.newThread();
      }
      if (acting != null) {
        varint(THREAD);
        varint(log.number);
        counts.threadSwitched();
      }
      acting = log;
    }
    varint(opcode);
  }

  private void varint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  // ----------------------------------------------------------------------- output

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size >= FULL;
  }

  void clear() {
    size = 0;
  }

  long unknownBlocks() {
    return unknownBlocks;
  }

  long disordered() {
    return disordered;
  }
}
