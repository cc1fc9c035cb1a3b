package org.ouroboros.allocator.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.record.EventLog.Chunk;

/**
 * The logs of all threads, and the chunks that they are made of.
 *
 * <p>A platform thread has a log of its own, found through a table indexed with the thread's id and
 * verified by identity. The log of a thread that has died goes to the next that needs one, with its
 * number in the file; so there are no more logs than threads at the same time. Virtual threads
 * share a few logs, each used under its monitor.
 *
 * <p>There are only so many chunks. A thread that needs one when all are in use waits for the
 * writer.
 *
 * <p>Thread rule: any thread; everything but the look-up holds the lock.
 */
final class EventLogs {

  /** Logs for virtual threads. */
  private static final int STRIPES = 8;

  private static final int MAX_TABLE = 1 << 16;

  private final Turn turn;
  private final int maxChunks;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition recycled = lock.newCondition();
  private final ArrayDeque<Chunk> spare = new ArrayDeque<>();
  private int chunks;
  private long waits;

  private final IdentityHashMap<Thread, EventLog> ofThread = new IdentityHashMap<>();
  private final ArrayDeque<EventLog> orphans = new ArrayDeque<>();
  private final EventLog nobodys;

  /** Logs by their thread's id. Racy to read: an entry counts only if its thread is the reader. */
  private EventLog[] table = new EventLog[64];

  private final EventLog[] stripes = new EventLog[STRIPES];

  /** All logs, for the writer; replaced, never changed. */
  private volatile List<EventLog> all = List.of();

  /**
   * Makes it.
   *
   * @param turn the recording's
   * @param maxBytes how much memory events may take that are not written yet
   */
  EventLogs(Turn turn, long maxBytes) {
    this.turn = turn;
    this.maxChunks = (int) Math.max(2, maxBytes / (8 * Chunk.WORDS));
    this.nobodys = new EventLog(this, null, new Chunk());
    Arrays.fill(table, nobodys);
  }

  Turn turn() {
    return turn;
  }

  // -------------------------------------------------------------------- finding

  /** The calling thread's log; null if it is a virtual thread, or the recording has ended. */
  @Nullable EventLog current() {
    Thread thread = Thread.currentThread();
    EventLog[] logs = table;
    EventLog log = logs[(int) thread.threadId() & logs.length - 1];
    return log.thread == thread ? log : find(thread);
  }

  private @Nullable EventLog find(Thread thread) {
    if (thread.isVirtual() || turn.isOver()) {
      return null;
    }
    lock.lock();
    try {
      EventLog log = ofThread.get(thread);
      if (log == null) {
        log = acquire(thread);
        ofThread.put(thread, log);
      }
      remember(log, thread);
      return log;
    } catch (OutOfMemoryError e) {
      turn.end();
      return null;
    } finally {
      lock.unlock();
    }
  }

  private EventLog acquire(Thread thread) {
    EventLog log = orphans.poll();
    if (log == null) {
      findDead();
      log = orphans.poll();
    }
    if (log == null) {
      return add(new EventLog(this, thread, new Chunk()));
    }
    log.thread = thread;
    return log;
  }

  private EventLog add(EventLog log) {
    List<EventLog> more = new ArrayList<>(all);
    more.add(log);
    all = List.copyOf(more);
    return log;
  }

  /** Dying orders all that a thread did before this. */
  private void findDead() {
    ofThread
        .entrySet()
        .removeIf(
            entry -> {
              boolean dead = !entry.getKey().isAlive();
              if (dead) {
                entry.getValue().thread = null;
                orphans.add(entry.getValue());
              }
              return dead;
            });
  }

  private void remember(EventLog log, Thread thread) {
    EventLog[] known = table;
    int slot = (int) thread.threadId() & known.length - 1;
    Thread other = known[slot].thread;
    if (other != null && other != thread && other.isAlive() && known.length < MAX_TABLE) {
      EventLog[] grown = new EventLog[known.length * 2];
      Arrays.fill(grown, nobodys);
      ofThread.forEach((t, l) -> grown[(int) t.threadId() & grown.length - 1] = l);
      table = grown;
    } else {
      known[slot] = log;
    }
  }

  /** The log that the calling virtual thread shares; null if the recording has ended. */
  @Nullable EventLog stripe() {
    int index = (int) Thread.currentThread().threadId() & STRIPES - 1;
    if (turn.isOver()) {
      return null;
    }
    lock.lock();
    try {
      EventLog log = stripes[index];
      if (log == null) {
        log = add(new EventLog(this, null, new Chunk()));
        stripes[index] = log;
      }
      return log;
    } catch (OutOfMemoryError e) {
      turn.end();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** All logs. */
  List<EventLog> all() {
    return all;
  }

  // --------------------------------------------------------------------- chunks

  /** A chunk; waits for one if all are in use. Null when the recording has ended. */
  @Nullable Chunk freshChunk() {
    lock.lock();
    try {
      Chunk chunk = spare.poll();
      for (boolean first = true; chunk == null && !turn.isOver(); first = false) {
        if (chunks < maxChunks) {
          chunks++;
          return new Chunk();
        }
        waits += first ? 1 : 0;
        recycled.awaitUninterruptibly();
        chunk = spare.poll();
      }
      return turn.isOver() ? null : chunk;
    } catch (OutOfMemoryError e) {
      turn.end();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a chunk back that has been read. */
  void recycle(Chunk chunk) {
    chunk.next = null;
    chunk.filled = 0;
    lock.lock();
    try {
      spare.push(chunk);
      recycled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the recording: nobody waits any more. */
  void end() {
    turn.end();
    lock.lock();
    try {
      recycled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the writer has fallen behind. */
  boolean isCrowded() {
    lock.lock();
    try {
      return chunks - spare.size() > maxChunks / 4;
    } finally {
      lock.unlock();
    }
  }

  /** How many words all chunks have. */
  long maxWords() {
    return (long) maxChunks * Chunk.WORDS;
  }

  /** How often a thread had to wait for a chunk. */
  long waits() {
    lock.lock();
    try {
      return waits;
    } finally {
      lock.unlock();
    }
  }
}
