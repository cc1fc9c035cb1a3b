package org.ouroboros.allocator.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The events of one thread, in the order in which they took effect, as a list of chunks: the thread
 * appends at the tail, the writer takes from the head.
 *
 * <p><b>Order among threads.</b> Events belong to <i>runs</i>, numbered by one counter, the turn. A
 * thread that appends and finds that the turn is not the number of its own last run takes the next
 * number and begins a run; so while no other thread allocates, an event costs one look at the turn.
 * The file has the runs in the order of their numbers. That order is right: what a thread logs in
 * run {@code r} after another has taken {@code r + 1} it logged without seeing that, so its call
 * cannot have used anything that was done in run {@code r + 1}: by the time a block has come from
 * one thread to the other, in either direction, the turn has too. For this an event must be logged
 * between its effects: a block is created before its event is logged, and freed after.
 *
 * <p>Thread rule: {@code append} and what it calls are for one thread at a time; the methods under
 * "taking" are the writer's.
 */
final class EventLog {

  /** A piece of a log. */
  static final class Chunk {
    static final int WORDS = 4096;

    final long[] words = new long[WORDS];

    /** How many words may be read; stored with release after them. */
    volatile int filled;

    /** The chunk after this one, which has got all its words then. */
    volatile @Nullable Chunk next;
  }

  private static final VarHandle FILLED;

  static {
    try {
      FILLED = MethodHandles.lookup().findVarHandle(Chunk.class, "filled", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What one event can take, with the word that begins its run. */
  private static final int ROOM = EventWord.MAX_WORDS + 1;

  /** The thread that appends; null for a log that virtual threads share, under its monitor. */
  @Nullable Thread thread;

  private final EventLogs logs;
  private final Turn turn;

  /** The run that the last event was appended to; no turn has the first value. */
  private long run = -1;

  private Chunk tail;

  /** The tail's. */
  private long[] words;

  private int position;

  /** Where the writer is; and the number of the run that begins there, 0 if none does. */
  private Chunk head;

  private int taken;
  private long pendingRun;

  /** The writer's: the thread's number in the file, -1 until it is known. */
  int number = -1;

  /** The writer's: the block that is being resized, see {@link TraceEncoder}. */
  long resizingAddress;

  long resizingId;
  long resizingSize;

  EventLog(EventLogs logs, @Nullable Thread thread, Chunk first) {
    this.logs = logs;
    this.turn = logs.turn();
    this.thread = thread;
    this.tail = first;
    this.words = first.words;
    this.head = first;
  }

  // ------------------------------------------------------------------- appending

  /** Appends an event whose size fits in its word, as most do; others through the slow path. */
  void append(int op, long address, long size) {
    int at = position;
    if (turn.now() == run && at <= Chunk.WORDS - ROOM && EventWord.isShort(size)) {
      words[at] = EventWord.of(op, address, size);
      position = at + 1;
      FILLED.setRelease(tail, at + 1);
    } else {
      appendSlowly(op, address, 0, size);
    }
  }

  /** Appends an event; does nothing when the recording has ended. */
  void appendSlowly(int op, long address, int log2Alignment, long size) {
    if (position > Chunk.WORDS - ROOM && !addChunk()) {
      return;
    }
    int at = position;
    if (turn.now() != run) {
      long taken = turn.take();
      if (taken == Turn.OVER) {
        return;
      }
      run = taken;
      words[at++] = EventWord.run(taken);
    }
    if (log2Alignment == 0 && EventWord.isShort(size)) {
      words[at++] = EventWord.of(op, address, size);
    } else {
      words[at++] = EventWord.firstOfTwo(op, address);
      words[at++] = EventWord.second(log2Alignment, size);
    }
    position = at;
    FILLED.setRelease(tail, at);
  }

  private boolean addChunk() {
    Chunk chunk = logs.freshChunk();
    if (chunk == null) {
      return false;
    }
    tail.next = chunk;
    tail = chunk;
    words = chunk.words;
    position = 0;
    return true;
  }

  // ---------------------------------------------------------------------- taking

  /**
   * Gives the encoder events up to the next run, or until it has enough for now.
   *
   * @return how many words it took
   */
  int take(TraceEncoder encoder) {
    int words = 0;
    while (pendingRun == 0 && !encoder.isFull()) {
      Chunk chunk = head;
      int filled = chunk.filled;
      if (taken == filled) {
        Chunk next = chunk.next;
        if (next == null) {
          break;
        }
        if (taken == chunk.filled) {
          head = next;
          taken = 0;
          logs.recycle(chunk);
        }
        continue;
      }
      int before = taken;
      takeFrom(chunk.words, filled, encoder);
      words += taken - before;
    }
    return words;
  }

  private void takeFrom(long[] words, int end, TraceEncoder encoder) {
    int at = taken;
    while (at < end) {
      long word = words[at++];
      if (EventWord.op(word) == EventWord.RUN) {
        pendingRun = EventWord.numberOfRun(word);
        break;
      }
      boolean isLong = EventWord.hasSecond(word);
      long second = isLong ? words[at++] : 0;
      encoder.event(
          this,
          EventWord.op(word),
          EventWord.address(word),
          isLong ? EventWord.log2OfSecond(second) : 0,
          isLong ? EventWord.sizeOfSecond(second) : EventWord.size(word));
    }
    taken = at;
  }

  /** The number of the run that begins next; 0 if that is not known yet. */
  long pendingRun() {
    return pendingRun;
  }

  /** Goes on with the run that begins next. */
  void beginRun() {
    pendingRun = 0;
  }
}
