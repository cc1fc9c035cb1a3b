package org.ouroboros.collector.cycle;

import java.lang.foreign.MemorySegment;
import org.ouroboros.collector.heap.ObjectStore;
import org.ouroboros.collector.heap.TypeInfo;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;
import org.ouroboros.collector.space.SideTables;

/**
 * One of the threads of a {@link ParallelMarking}: marks and scans the objects of its share of the
 * heap, a range of words of the marks. What it finds references to in the share of another goes
 * there by {@link MarkMail}. So each word of the marks and of the scanned bits has one thread that
 * reads and writes it, plainly.
 *
 * <p>It does what {@link RootMarking} does, in the same two steps, a sweep and a queue. Every other
 * worker sweeps downwards, so that a list that is linked both ways is swept from both ends.
 *
 * <p>Objects with references outside slots are left gray: user code runs on the collecting thread.
 *
 * <p>Thread rule: {@link #begin} on the collecting thread, {@link #run} on any other or the same.
 * It writes nothing but the bits of its share, and needs no memory.
 */
final class MarkWorker extends Padding implements Runnable {

  private static final int CAPACITY = 1 << 14;
  private static final int BATCH = 64;

  /** Objects with more references than this are scanned apart. */
  private static final int SHORT = 64;

  /** So many references are found before they are looked at: those of a batch, or of a word. */
  private static final int FOUND = BATCH * SHORT;

  /** So many for others are sent at once. */
  private static final int SENT = 256;

  /** A thread that waits looks so often before it lets others run. */
  private static final int SPINS = 200;

  private final ObjectStore store;
  private final SideTables sides;
  private final MarkTeam team;
  private final boolean down;

  /** Mail to the others, by their numbers; in the own place is that of another. */
  private final MarkMail[] out;

  /** Mail from the others. */
  private final MarkMail[] in;

  private final int[] ids = new int[CAPACITY];
  private final int[] batch = new int[BATCH];
  private final long[] headers = new long[BATCH];
  private int size;

  /** References of a batch to objects of the share; the null reference may be among them. */
  private final int[] found = new int[FOUND];

  private int foundCount;

  /** References to objects of others' shares, or null, that were not sent yet. */
  private final int[] outbox = new int[FOUND + SENT];

  private int outboxCount;

  /** Where the shares end, in words of the marks. */
  private final int[] ends;

  private final int number;

  // of one collection
  private MemorySegment memory = MemorySegment.NULL;
  private long[] marks = new long[0];
  private long[] shapes = new long[0];
  private boolean leavesKnown;
  private int swept;

  /** The share: words from the first one on, less than the end; the last share has no end. */
  private int first;

  private int end;

  /** Where pages end. */
  private int last;

  private long allHeaders;

  /** Whether objects are gray that are not in the queue, though the marks were looked through. */
  private boolean overflown;

  private boolean queueing;

  /** The words of the share before this one are known to have marked objects only. */
  private int wordsAllMarked;

  private boolean saidAllMarked;

  /** Not a constant for the compiler, see {@link RootMarking}. */
  private long step = Integer.BYTES;

  MarkWorker(
      ObjectStore store, MarkTeam team, int number, int[] ends, MarkMail[] out, MarkMail[] in) {
    this.store = store;
    this.sides = store.sides;
    this.team = team;
    this.number = number;
    this.ends = ends;
    this.down = (number & 1) != 0;
    this.out = out;
    this.in = in;
  }

  /**
   * Gets ready. The share is told by the ends.
   *
   * @param swept so many pages, and those with few objects, were swept before
   */
  void begin(long[] marks, boolean leavesKnown, int swept) {
    this.swept = swept;
    this.marks = marks;
    this.memory = store.space.memory();
    this.shapes = store.edges();
    this.leavesKnown = leavesKnown;
    this.first = number == 0 ? 0 : ends[number - 1];
    this.end = ends[number];
    this.last = Math.min(end, sides.end() * SidePage.WORDS);
    allHeaders = 0;
    size = 0;
    foundCount = 0;
    outboxCount = 0;
    overflown = false;
    queueing = false;
    wordsAllMarked = first;
    saidAllMarked = false;
  }

  /** The headers that were read, by or. */
  long headers() {
    return allHeaders;
  }

  @Override
  public void run() {
    try {
      sweepRoots();
      queueing = true;
      mark();
    } catch (Throwable e) { // whatever it is: the collecting thread does everything again
      team.fail();
    }
  }

  // ------------------------------------------------------------------ the first sweep

  private void sweepRoots() {
    int firstPage = Math.max(first / SidePage.WORDS, swept);
    int endPage = (last + SidePage.WORDS - 1) / SidePage.WORDS;
    for (int i = 0; i < endPage - firstPage && !team.stops(); i++) {
      SidePage page = sides.at(down ? endPage - 1 - i : firstPage + i);
      receive();
      if (page != null && !RootMarking.hasFew(page) && !isAllMarked(page)) {
        sweepRoots(page);
        send();
      }
    }
  }

  /** The first word of a page that is in the share. */
  private int from(SidePage page) {
    return Math.max(0, first - (page.firstId >>> 6));
  }

  /** Behind the last one. */
  private int to(SidePage page) {
    return Math.min(SidePage.WORDS, last - (page.firstId >>> 6));
  }

  private boolean isAllMarked(SidePage page) {
    int base = page.firstId >>> 6;
    for (int w = from(page); w < to(page); w++) {
      if ((page.bits[SidePage.LIVE + w] & ~marks[base + w]) != 0) {
        return false;
      }
    }
    return true;
  }

  private void sweepRoots(SidePage page) {
    int from = from(page);
    int to = to(page);
    for (int i = from; i < to; i++) {
      int w = down ? to - 1 - (i - from) : i;
      if (page.bits[SidePage.LIVE + w] != 0) {
        sweepWord(page, w);
        sendMany();
      }
    }
  }

  private void sweepWord(SidePage page, int w) {
    MemorySegment memory = this.memory;
    long[] marks = this.marks;
    long[] shapes = this.shapes;
    long[] bits = page.bits;
    long step = this.step;
    int first = this.first;
    long words = (long) end - first;
    int[] outbox = this.outbox;
    int sent = outboxCount;
    int own = (page.firstId >>> 6) + w;
    long live = bits[SidePage.LIVE + w];
    long leaves = leavesKnown ? live & ~bits[SidePage.TRACKED + w] : 0;
    long start = (long) own << 10;
    long done = 0;
    long all = 0;
    // Marks of this word, apart from those that come by mail meanwhile: these are found later.
    long here = marks[own] | page.frozen(w);
    for (long rest = live & ~leaves; rest != 0; ) {
      long bit = down ? Long.highestOneBit(rest) : Long.lowestOneBit(rest);
      rest ^= bit;
      int index = Long.numberOfTrailingZeros(bit);
      long object = start + ((long) index << 4);
      long header = memory.get(ObjectStore.LONG, object);
      all |= header;
      if ((header & Header.ROOT) == 0 && (here & bit) == 0) {
        continue;
      }
      long edges = shapes[Header.type(header)];
      if ((edges & TypeInfo.ROW) == 0) {
        here |= bit;
        outboxCount = sent;
        if (scanOther(object, header)) {
          done |= bit;
        }
        sent = outboxCount;
        continue;
      }
      done |= bit;
      int count = TypeInfo.rowCount(edges);
      if ((edges & TypeInfo.TAILED) != 0) {
        count += memory.get(ObjectStore.INT, object + TypeInfo.LENGTH);
      }
      long at = object + TypeInfo.rowStart(edges);
      if (count > SHORT) {
        outboxCount = sent;
        scanLong(at, count);
        sent = outboxCount;
        continue;
      }
      for (long behind = at + 4L * count; at < behind; at += step) {
        int child = memory.get(ObjectStore.INT, at);
        int word = child >>> 6;
        if (word == own) {
          here |= 1L << child;
          continue;
        }
        // -1 if it is in the share, else 0: what is far is in either as good as at random
        int within = (int) ((Integer.toUnsignedLong(word - first) - words) >> 63);
        outbox[sent] = child;
        sent += 1 + within;
        marks[first + (word - first & within)] |= 1L << child & within;
      }
    }
    outboxCount = sent;
    for (long rest = leaves & ~(here | marks[own]); rest != 0; rest &= rest - 1) {
      long header =
          memory.get(ObjectStore.LONG, start + ((long) Long.numberOfTrailingZeros(rest) << 4));
      all |= header;
      if ((header & Header.ROOT) != 0) {
        done |= rest & -rest;
      }
    }
    marks[own] |= here | done;
    bits[RootMarking.SCANNED + w] |= done;
    allHeaders |= all;
  }

  /** Scans an object whose references are not in a row. Returns false if it is not to be done. */
  private boolean scanOther(long object, long header) {
    TypeInfo info = store.info(header);
    if (info.custom != null) {
      return false;
    }
    int count = info.type.isOpaque() ? 0 : info.references(memory, object);
    for (int i = 0; i < count; i++) {
      reach(memory.get(ObjectStore.INT, object + info.slotOffset(i)));
    }
    sendMany();
    return true;
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
      } else if (!receive() && size == 0 && !waits()) {
        return;
      }
    }
  }

  private void scanGray() {
    int map = leavesKnown ? SidePage.TRACKED : SidePage.LIVE;
    for (int p = first / SidePage.WORDS; p * SidePage.WORDS < last && !stopsNow(); p++) {
      SidePage page = sides.at(p);
      for (int w = page == null ? SidePage.WORDS : from(page); page != null && w < to(page); w++) {
        int own = (page.firstId >>> 6) + w;
        long gray = marks[own] & ~page.bits[RootMarking.SCANNED + w] & page.bits[map + w];
        if (gray != 0) {
          page.bits[RootMarking.SCANNED + w] |= gray;
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
    while (wordsAllMarked < last) {
      SidePage page = sides.at(wordsAllMarked / SidePage.WORDS);
      if (page != null && !isAllMarked(page)) {
        return team.stops();
      }
      wordsAllMarked = (wordsAllMarked / SidePage.WORDS + 1) * SidePage.WORDS;
    }
    if (!saidAllMarked) {
      saidAllMarked = true;
      team.isAllMarked();
    }
    return team.stops();
  }

  private void drain() {
    while (size > 0 && !team.stops()) {
      int count = Math.min(size, BATCH);
      size -= count;
      System.arraycopy(ids, size, batch, 0, count);
      for (int i = 0; i < count; i++) {
        headers[i] = memory.get(ObjectStore.LONG, Integer.toUnsignedLong(batch[i]) << 4);
      }
      for (int i = 0; i < count; i++) {
        scan(batch[i], headers[i]);
      }
      markFound();
      if (size < BATCH || outboxCount >= SENT) {
        send();
      }
      receive();
    }
  }

  private void scan(int id, long header) {
    MemorySegment memory = this.memory;
    long object = Integer.toUnsignedLong(id) << 4;
    long edges = shapes[Header.type(header)];
    if ((edges & TypeInfo.ROW) == 0) {
      if (!scanOther(object, header)) {
        sides.page(id).clear(RootMarking.SCANNED, id);
      }
      return;
    }
    int count = TypeInfo.rowCount(edges);
    if ((edges & TypeInfo.TAILED) != 0) {
      count += memory.get(ObjectStore.INT, object + TypeInfo.LENGTH);
    }
    long at = object + TypeInfo.rowStart(edges);
    if (count > SHORT) {
      scanLong(at, count);
      return;
    }
    int first = this.first;
    long words = (long) end - first;
    int[] found = this.found;
    int[] outbox = this.outbox;
    int own = foundCount;
    int sent = outboxCount;
    long step = this.step;
    for (long behind = at + 4L * count; at < behind; at += step) {
      int child = memory.get(ObjectStore.INT, at);
      // 1 if it is in the share, else 0: which of them, is as good as at random
      int within = (int) ((Integer.toUnsignedLong((child >>> 6) - first) - words) >>> 63);
      found[own] = child;
      own += within;
      outbox[sent] = child;
      sent += 1 - within;
    }
    foundCount = own;
    outboxCount = sent;
  }

  /** Scans many references one by one. */
  private void scanLong(long at, int count) {
    for (int i = 0; i < count; i++) {
      reach(memory.get(ObjectStore.INT, at + 4L * i));
    }
    sendMany();
  }

  private void markFound() {
    long[] marks = this.marks;
    for (int i = 0; i < foundCount; i++) {
      int child = found[i];
      if ((marks[child >>> 6] & 1L << child) == 0) {
        reachOwn(child);
      }
    }
    foundCount = 0;
  }

  /** Marks an object, here or there. */
  private void reach(int id) {
    int word = id >>> 6;
    if (word >= first && word < end) {
      if ((marks[word] & 1L << id) == 0) {
        reachOwn(id);
      }
    } else if (id != 0) {
      if (outboxCount == outbox.length) {
        send();
      }
      outbox[outboxCount++] = id;
    }
  }

  /** Marks an object of the share; it was not. */
  private void reachOwn(int id) {
    marks[id >>> 6] |= 1L << id;
    if (!queueing || id == 0) {
      return;
    }
    SidePage page = sides.page(id);
    if (leavesKnown && !page.has(SidePage.TRACKED, id)) {
      return;
    }
    if (size < CAPACITY) {
      ids[size++] = id;
      page.set(RootMarking.SCANNED, id);
    } else {
      overflown = true;
    }
  }

  // ------------------------------------------------------------------------- the mail

  /** Sends what was found for others, if it is enough: there is room for what comes next then. */
  private void sendMany() {
    if (outboxCount >= SENT) {
      send();
    }
  }

  /** Sends what was found for others. */
  private void send() {
    if (outboxCount == 0) {
      return;
    }
    for (int i = 0; i < outboxCount; i++) {
      int id = outbox[i];
      if (id != 0) {
        MarkMail mail = out[owner(id)];
        if (!mail.put(id)) {
          putLater(mail, id);
        }
      }
    }
    outboxCount = 0;
    for (MarkMail mail : out) {
      tell(mail);
    }
  }

  private int owner(int id) {
    int to = 0;
    while (id >>> 6 >= ends[to]) {
      to++;
    }
    return to;
  }

  private void tell(MarkMail mail) {
    int count = mail.untold();
    if (count > 0) {
      team.add(count);
      mail.tell();
    }
  }

  /** There is no room. The other may wait for room too, so the own mail is taken meanwhile. */
  private void putLater(MarkMail mail, int id) {
    tell(mail);
    for (int spins = 0; !mail.put(id); spins++) {
      if (team.stops()) {
        return;
      }
      receive();
      pause(spins);
    }
  }

  /** Marks what others have found; returns whether there was any. */
  private boolean receive() {
    boolean any = false;
    for (MarkMail mail : in) {
      int count = mail.available();
      if (count > 0) {
        receive(mail, count);
        mail.took(count);
        team.add(-count);
        any = true;
      }
    }
    return any;
  }

  private void receive(MarkMail mail, int count) {
    long[] marks = this.marks;
    for (int i = 0; i < count; i++) {
      int id = mail.get(i);
      if ((marks[id >>> 6] & 1L << id) == 0) {
        reachOwn(id);
      }
    }
  }

  private boolean hasMail() {
    for (MarkMail mail : in) {
      if (mail.available() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Nothing is left here. Returns false when nothing will come any more. */
  private boolean waits() {
    send();
    if (size > 0 || overflown) {
      return true; // by mail that was taken meanwhile
    }
    if (stopsNow()) {
      return false;
    }
    team.add(-1);
    for (int spins = 0; !team.stops() && !team.isDone(); spins++) {
      if (hasMail()) {
        team.add(1);
        return true;
      }
      pause(spins);
    }
    return false;
  }

  private void pause(int spins) {
    if (spins < SPINS) {
      Thread.onSpinWait();
    } else {
      if (number == 0) {
        team.checkHelpers();
      }
      Thread.yield();
    }
  }
}
