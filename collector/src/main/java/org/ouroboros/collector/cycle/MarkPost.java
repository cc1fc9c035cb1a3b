package org.ouroboros.collector.cycle;

/**
 * The mail of one marking thread: references that it finds to objects in the shares of others
 * collect here and go out many at a time, and what others send is given to the thread.
 *
 * <p>While it waits for room in the mail of another it takes its own, so none waits in a circle.
 *
 * <p>Thread rule: the thread's alone.
 */
final class MarkPost extends Padding {

  /** So many are sent at once. */
  private static final int SENT = 256;

  /** So many are taken at once. */
  private static final int TAKEN = 1 << 10;

  /** A thread that waits looks so often before it lets others run. */
  private static final int SPINS = 200;

  private final MarkWorker worker;
  private final MarkTeam team;
  private final int number;

  /** Where the shares end, in words of the marks. */
  private final int[] ends;

  /** Mail to the others, by their numbers; in the own place is that of another. */
  private final MarkMail[] out;

  /** Mail from the others. */
  private final MarkMail[] in;

  /**
   * References to objects of others, or null, that were not sent yet: with room for all of a batch
   * while there are fewer than are sent at once.
   */
  final int[] outbox = new int[GrayBatch.SIZE * GrayBatch.SHORT + SENT];

  int count;

  /** Those for one of several others. */
  private final int[] picked;

  private final int[] received = new int[TAKEN];

  MarkPost(
      MarkWorker worker, MarkTeam team, int number, int[] ends, MarkMail[] out, MarkMail[] in) {
    this.worker = worker;
    this.team = team;
    this.number = number;
    this.ends = ends;
    this.out = out;
    this.in = in;
    this.picked = new int[out.length == 2 ? 0 : outbox.length];
  }

  void begin() {
    count = 0;
  }

  /** One more reference to an object of another. */
  void add(int id) {
    if (count == outbox.length) {
      send();
    }
    outbox[count++] = id;
  }

  /** Sends what was found, if it is enough: there is room for another batch then. */
  void sendMany() {
    if (count >= SENT) {
      send();
    }
  }

  /** Sends what was found. */
  void send() {
    if (count == 0) {
      return;
    }
    if (out.length == 2) {
      put(out[number], outbox, count);
    } else {
      for (int to = 0; to < out.length; to++) {
        if (to != number) {
          put(out[to], picked, pick(to));
        }
      }
    }
    count = 0;
  }

  /** Copies what is for one of the others; whose it is, is as good as at random. */
  private int pick(int to) {
    int first = to == 0 ? 0 : ends[to - 1];
    long words = (long) ends[to] - first;
    int size = 0;
    for (int i = 0; i < count; i++) {
      picked[size] = outbox[i];
      size += (int) ((Integer.toUnsignedLong((outbox[i] >>> 6) - first) - words) >>> 63);
    }
    return size;
  }

  private void put(MarkMail mail, int[] refs, int size) {
    int put = mail.put(refs, 0, size);
    tell(mail);
    for (int spins = 0; put < size && !team.stops(); spins++) {
      receive();
      pause(spins);
      put += mail.put(refs, put, size - put);
      tell(mail);
    }
  }

  private void tell(MarkMail mail) {
    int untold = mail.untold();
    if (untold > 0) {
      team.add(untold);
      mail.tell();
    }
  }

  /** Takes what others have found; returns whether there was any. */
  boolean receive() {
    boolean any = false;
    for (MarkMail mail : in) {
      for (int size = mail.take(received); size > 0; size = mail.take(received)) {
        worker.reachAll(received, size);
        team.add(-size);
        any = true;
      }
    }
    return any;
  }

  boolean hasMail() {
    for (MarkMail mail : in) {
      if (mail.available() > 0) {
        return true;
      }
    }
    return false;
  }

  /** A moment of waiting. */
  void pause(int spins) {
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
