package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * One of the threads of a {@link ParallelMarking}: marks and scans the objects of its {@link
 * MarkShare}. What it finds references to in the share of another goes there by mail, see {@link
 * MarkPost}. So each word of the bits has one thread that reads and writes it, plainly.
 *
 * <p>It does what {@link RootMarking} does, in the same two steps, a {@link MarkSweep} and a queue,
 * of which it reads a {@link GrayBatch} at a time. Every other worker sweeps downwards, so that a
 * list that is linked both ways is swept from both ends.
 *
 * <p>Objects with references outside slots are left gray: user code runs on the collecting thread.
 *
 * <p>Thread rule: {@link #begin} on the collecting thread, {@link #run} on any other or the same.
 * It writes nothing but the bits of its share, and needs no memory.
 */
final class MarkWorker extends Padding implements Runnable {

  private static final int CAPACITY = 1 << 14;

  private final ObjectStore store;
  private final SideTables sides;
  private final MarkTeam team;
  private final MarkShare share;
  private final MarkPost post;
  private final MarkSweep sweep;
  private final GrayBatch batch;
  private final long[] headers; // of the batch

  private final int[] ids = new int[CAPACITY + 1]; // one is written behind the last
  private int size;

  /** References of a batch to objects of the share; one is written behind the last. */
  private final int[] found = new int[GrayBatch.SIZE * GrayBatch.SHORT + 1];

  // of one collection
  private MemorySegment memory = MemorySegment.NULL;
  private int swept;

  /** Whether objects are gray that are not in the queue, though the marks were looked through. */
  private boolean overflown;

  private boolean queueing;

  private boolean saidAllMarked;

  /** Not a constant for the compiler, see {@link RootMarking}. */
  private long step = Integer.BYTES;

  MarkWorker(
      ObjectStore store, MarkTeam team, int number, int[] ends, MarkMail[] out, MarkMail[] in) {
    this.store = store;
    this.sides = store.sides;
    this.team = team;
    this.share = new MarkShare(sides, number, ends);
    this.post = new MarkPost(this, team, number, ends, out, in);
    this.sweep = new MarkSweep(store, team, this, share, post, (number & 1) != 0);
    this.batch = new GrayBatch(store);
    this.headers = batch.headers;
  }

  /**
   * Gets ready. The share is told by the ends.
   *
   * @param todo as long as the marks; its bits mean nothing yet
   * @param swept so many pages, and those with few objects, were swept before
   */
  void begin(long[] marks, long[] todo, boolean leavesKnown, int swept) {
    this.swept = swept;
    this.memory = store.space.memory();
    share.begin(marks, todo, leavesKnown);
    post.begin();
    size = 0;
    overflown = false;
    queueing = false;
    saidAllMarked = false;
  }

  /** The headers that were read, by or. */
  long headers() {
    return sweep.headers();
  }

  @Override
  public void run() {
    try {
      share.fillTodo();
      sweep.run(swept);
      queueing = true;
      mark();
      share.noteScanned();
    } catch (Throwable e) { // whatever it is: the collecting thread does everything again
      team.fail();
    }
  }

  // ----------------------------------------------------------------------- the queue

  /** Scans all that is gray, whatever comes by mail too, until nobody has anything left. */
  private void mark() {
    scanGray();
    while (!team.stops()) {
      drain();
      if (overflown) {
        overflown = false;
        scanGray();
      } else if (!post.receive() && size == 0 && !waits()) {
        return;
      }
    }
  }

  private void scanGray() {
    long[] marks = share.marks;
    long[] todo = share.todo;
    for (int p = share.firstPage(); p < share.endPage() && !stopsNow(); p++) {
      SidePage page = sides.at(p);
      for (int w = page == null ? SidePage.WORDS : share.from(page);
          page != null && w < share.to(page);
          w++) {
        int own = (page.firstId >>> 6) + w;
        long gray = marks[own] & todo[own];
        if (gray != 0) {
          todo[own] &= ~gray;
          for (; gray != 0; gray &= gray - 1) {
            ids[size++] = (own << 6) + Long.numberOfTrailingZeros(gray);
          }
          if (size > CAPACITY / 4) {
            drain();
            if (team.stops()) {
              return;
            }
          }
        }
      }
    }
  }

  /** Whether there is no need to go on; tells the others if that is so for the own share. */
  private boolean stopsNow() {
    if (!saidAllMarked && share.isAllMarked()) {
      saidAllMarked = true;
      team.isAllMarked();
    }
    return team.stops();
  }

  private void drain() {
    while (size > 0 && !team.stops()) {
      int count = batch.take(ids, size);
      size -= count;
      for (int i = 0; i < count; i++) {
        headers[i] = memory.get(ObjectStore.LONG, batch.offset(i));
      }
      batch.look(count, memory);
      reachAll(found, scan(count));
      if (size < GrayBatch.SIZE) {
        post.send();
      } else {
        post.sendMany();
      }
      post.receive();
    }
  }

  /** Sorts the references of a batch; returns how many were found to objects of the share. */
  private int scan(int size) {
    MemorySegment memory = this.memory;
    long[] starts = batch.starts;
    int[] counts = batch.counts;
    int first = share.first;
    long words = (long) share.end - first;
    int[] found = this.found;
    int[] outbox = post.outbox;
    int own = 0;
    int sent = post.count;
    long step = this.step;
    for (int i = 0; i < size; i++) {
      int count = counts[i];
      if (count > GrayBatch.SHORT) {
        post.count = sent;
        scanRare(i);
        sent = post.count;
        continue;
      }
      long at = starts[i];
      for (long behind = at + 4L * count; at < behind; at += step) {
        int child = memory.get(ObjectStore.INT, at);
        // 1 if it is in the share, else 0: which of them, is as good as at random
        int within = (int) ((Integer.toUnsignedLong((child >>> 6) - first) - words) >>> 63);
        int some = (child | -child) >>> 31; // 0 if it is null, else 1
        found[own] = child;
        own += within & some;
        outbox[sent] = child;
        sent += ~within & some;
      }
    }
    post.count = sent;
    return own;
  }

  private void scanRare(int index) {
    if (batch.counts[index] != GrayBatch.OTHER) {
      scanLong(batch.starts[index], batch.counts[index]);
    } else if (!scanOther(batch.offset(index), batch.headers[index])) {
      int id = batch.ids[index];
      share.todo[id >>> 6] |= 1L << id;
    }
  }

  /** Scans an object whose references are not in a row. Returns false if it is not to be done. */
  boolean scanOther(long object, long header) {
    TypeInfo info = store.info(header);
    if (info.custom != null) {
      return false;
    }
    int count = info.type.isOpaque() ? 0 : info.references(memory, object);
    for (int i = 0; i < count; i++) {
      reach(memory.get(ObjectStore.INT, object + info.slotOffset(i)));
    }
    post.sendMany();
    return true;
  }

  /** Scans many references one by one. */
  void scanLong(long at, int count) {
    for (int i = 0; i < count; i++) {
      reach(memory.get(ObjectStore.INT, at + 4L * i));
    }
    post.sendMany();
  }

  /** Marks an object, here or there. */
  private void reach(int id) {
    if (share.holds(id >>> 6)) {
      reachOwn(id);
    } else if (id != 0) {
      post.add(id);
    }
  }

  private void reachOwn(int id) {
    int word = id >>> 6;
    long bit = 1L << id;
    long fresh = share.todo[word] & ~share.marks[word] & bit;
    share.marks[word] |= bit;
    if (fresh == 0 || !queueing) {
      return;
    }
    if (size < CAPACITY) {
      ids[size++] = id;
      share.todo[word] &= ~bit;
    } else {
      overflown = true;
    }
  }

  /**
   * Marks objects of the share, and keeps those that were not and are to be scanned. Which of them,
   * is as good as at random, so there is no branch.
   */
  void reachAll(int[] refs, int count) {
    if (!queueing || size + count > CAPACITY) {
      for (int i = 0; i < count; i++) {
        reachOwn(refs[i]);
      }
      return;
    }
    long[] marks = share.marks;
    long[] todo = share.todo;
    int[] ids = this.ids;
    int size = this.size;
    for (int i = 0; i < count; i++) {
      int id = refs[i];
      int word = id >>> 6;
      long bit = 1L << id;
      long marked = marks[word];
      long left = todo[word];
      long fresh = left & ~marked & bit;
      marks[word] = marked | bit;
      todo[word] = left ^ fresh;
      ids[size] = id;
      size += (int) (fresh >>> id);
    }
    this.size = size;
  }

  /** Nothing is left here. Returns false when nothing will come any more. */
  private boolean waits() {
    post.send();
    if (size > 0 || overflown) {
      return true; // by mail that was taken meanwhile
    }
    if (stopsNow()) {
      return false;
    }
    team.add(-1);
    for (int spins = 0; !team.stops() && !team.isDone(); spins++) {
      if (post.hasMail()) {
        team.add(1);
        return true;
      }
      post.pause(spins);
    }
    return false;
  }
}
