package org.ouroboros.collector.heap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of a shared heap. Who holds it alone changes what threads share but headers and slots;
 * who has also <i>stopped the world</i> has the heap for itself: no thread is inside an operation.
 * The protocol is that of {@link Mutator}.
 *
 * <p>Waiting is bounded: who is inside leaves after a bounded number of steps, and threads that are
 * blocked, dead, or in user code are not inside. Stops nest.
 *
 * <p>Thread rule: {@link #stop}, {@link #lock} and {@link #stopping} are for any thread that is not
 * inside, the others for the one that has called the first or the second.
 */
final class Safepoint {

  private static final VarHandle FLAG;

  static {
    try {
      FLAG =
          MethodHandles.lookup()
              .findVarHandle(Safepoint.class, "flag", long.class)
              .withInvokeExactBehavior();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int WAITS = Runtime.getRuntime().availableProcessors() > 1 ? 1000 : 0;
  private static final int SPINS = 100;
  private static final int YIELDS = 1000;
  private static final long NAP_NANOS = 20_000;

  final Mutators mutators = new Mutators(this);

  private final ReentrantLock lock = new ReentrantLock();

  /** The number of the stop that is or is to be; 0 if the world goes on. All threads read it. */
  @SuppressWarnings("unused") // by its handle
  private long flag;

  /**
   * The number of the last one. Guarded by the lock. It does not come again: a thread that has told
   * long ago that it is outside would be taken for one that has done so now.
   */
  private long stops;

  /** How often the holder has stopped the world. Guarded by the lock. */
  private int depth;

  /** Takes the lock, and does not stop the world. */
  void lock() {
    if (!lock.tryLock()) {
      lockLater();
    }
  }

  /**
   * Waits for the lock. Most of the time it is held for some microseconds, less than it takes to
   * send a thread to sleep and wake it up.
   */
  private void lockLater() {
    Mutator mutator = mutators.known();
    mutator.away = true;
    try {
      for (int i = 0; i < WAITS; i++) {
        Thread.onSpinWait();
        if (!lock.isLocked() && lock.tryLock()) {
          return;
        }
      }
      lock.lock();
    } finally {
      mutator.away = false; // not by a call, for which there may be no stack
      VarHandle.fullFence();
    }
  }

  void unlock() {
    lock.unlock();
  }

  /** Lets threads have the lock that wait for it, for a moment. For who does not have it. */
  void letOthers() {
    for (int i = 0; i < YIELDS && lock.hasQueuedThreads(); i++) {
      Thread.yield();
    }
  }

  /** Whether the calling thread has the lock. */
  boolean isMine() {
    return lock.isHeldByCurrentThread();
  }

  /** Which stop there is or is about to be, so that threads must not go in; 0 if there is none. */
  long stopping() {
    return (long) FLAG.getAcquire(this);
  }

  /**
   * Stops the world, or notes that it is stopped once more.
   *
   * @return whether it was not
   */
  boolean stop() {
    lock();
    depth++;
    if (depth > 1) {
      return false;
    }
    boolean halted = false;
    try {
      halt();
      halted = true;
    } finally {
      if (!halted) {
        resume(); // the stack has ended
      }
    }
    return true;
  }

  /** Whether the next {@link #resume} lets the others go on. */
  boolean isOutermost() {
    return depth == 1;
  }

  /** The counterpart of one {@link #stop}. */
  void resume() {
    depth--;
    if (depth == 0) {
      goOn();
    }
    lock.unlock();
  }

  /**
   * Lets the others go on, however deep stops are nested.
   *
   * @return how deep that was
   */
  int leave() {
    int before = depth;
    depth = 0;
    goOn();
    for (int i = 0; i < before; i++) {
      lock.unlock();
    }
    return before;
  }

  /** Stops the world again, as deep as before {@link #leave}. */
  void comeBack(int before) {
    for (int i = 0; i < before; i++) {
      lock();
    }
    depth = before;
    halt();
  }

  private void goOn() {
    FLAG.setRelease(this, 0L);
  }

  private void halt() {
    stops++;
    FLAG.setVolatile(this, stops);
    if (!mutators.haveHeard(stops)) {
      GlobalFence.run();
      for (int i = 0; i < mutators.count(); i++) {
        await(mutators.get(i));
      }
    }
  }

  private static void await(Mutator mutator) {
    for (int i = 0; !mutator.isOutside(); i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else if (i < YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(NAP_NANOS);
      }
    }
  }
}
