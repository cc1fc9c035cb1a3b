package org.ouroboros.collector.heap;

import java.util.function.Consumer;
import org.ouroboros.allocator.AllocatorException;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Finalizer;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.WeakCallback;
import org.ouroboros.collector.jfr.HeapEvents;

/**
 * Calls user code: finalizers, callbacks, listeners, references outside the slots. Whatever it
 * throws, errors of the JVM included, goes to the log and no further: whoever called was in the
 * middle of freeing something.
 *
 * <p>Thread rule: as the heap.
 */
public final class Hooks {

  private final ConfinedHeap heap;
  private final FailureLog log;
  private final boolean pinFailed;

  /** What user code is given. */
  private final Heap user;

  private int running;
  private long finalizersRun;

  Hooks(ConfinedHeap heap, FailureLog log, boolean pinFailed) {
    this.heap = heap;
    this.log = log;
    this.pinFailed = pinFailed;
    this.user = heap.face != null ? heap.face : heap;
  }

  /** Whether user code is running that must come back before the heap can be closed. */
  boolean areRunning() {
    return running > 0;
  }

  long finalizersRun() {
    return finalizersRun;
  }

  /** User code that may change the heap. */
  private interface Call {
    void run() throws Exception;
  }

  /** Calls user code; if the heap is shared, others may use it meanwhile. */
  private void outside(Call call) throws Exception {
    SharedHeap face = heap.face;
    if (face == null) {
      call.run();
      return;
    }
    int depth = face.goOutside();
    try {
      call.run();
    } finally {
      face.comeBack(depth);
    }
  }

  /** Runs an object's finalizer. The caller holds the object. */
  public void finalizer(int id, Finalizer finalizer) {
    finalizersRun++;
    running++;
    long ref = heap.reference(id);
    try {
      outside(() -> finalizer.run(user, ref));
    } catch (Throwable e) {
      failed(ErrorLog.Kind.FINALIZER, id, e);
    } finally {
      running--;
    }
  }

  /** Calls the callback of a weak reference. The caller holds the weak reference. */
  public void weakCallback(int weak, WeakCallback callback) {
    running++;
    long ref = heap.reference(weak);
    try {
      outside(() -> callback.run(user, ref));
    } catch (Throwable e) {
      failed(ErrorLog.Kind.WEAK_CALLBACK, weak, e);
    } finally {
      running--;
    }
  }

  /** Lets an object give back the references outside its slots. The caller holds the object. */
  public void customClear(int id, CustomReferences custom) {
    running++;
    long ref = heap.reference(id);
    try {
      outside(() -> custom.clear(user, ref));
    } catch (Throwable e) {
      failed(ErrorLog.Kind.CUSTOM_REFERENCES, id, e);
    } finally {
      running--;
    }
  }

  /**
   * Lets an object report the references outside its slots.
   *
   * @return whether it did so without failing
   */
  public boolean traverse(
      int id, CustomReferences custom, CustomReferences.ReferenceVisitor visitor) {
    running++;
    boolean before = heap.beginReadOnly();
    try {
      custom.traverse(user, heap.reference(id), visitor);
      return true;
    } catch (Throwable e) {
      failed(ErrorLog.Kind.CUSTOM_REFERENCES, id, e);
      return false;
    } finally {
      heap.endReadOnly(before);
      running--;
    }
  }

  /** Calls something that must not change the heap. */
  public <T> void reader(Consumer<T> reader, T argument) {
    running++;
    boolean before = heap.beginReadOnly();
    try {
      reader.accept(argument);
    } catch (Throwable e) {
      failed(ErrorLog.Kind.LISTENER, 0, e);
    } finally {
      heap.endReadOnly(before);
      running--;
    }
  }

  /** Calls a listener. */
  public <T> void listener(Consumer<T> listener, T argument) {
    running++;
    try {
      outside(() -> listener.accept(argument));
    } catch (Throwable e) {
      failed(ErrorLog.Kind.LISTENER, 0, e);
    } finally {
      running--;
    }
  }

  /** Tells the listener, if there is one, that an object is about to be freed. */
  public void freed(int id) {
    var listener = heap.options().freeListener();
    if (listener != null) {
      running++;
      heap.counts.hold(id); // so that it can be asked about
      boolean before = heap.beginReadOnly();
      try {
        listener.onFree(user, heap.reference(id));
      } catch (Throwable e) {
        failed(ErrorLog.Kind.LISTENER, 0, e);
      } finally {
        heap.endReadOnly(before);
        heap.counts.unhold(id);
        running--;
      }
    }
  }

  /** The edges and the counts of an object do not agree. */
  public void inconsistent(int id, IllegalStateException error) {
    failed(ErrorLog.Kind.CUSTOM_REFERENCES, id, error);
  }

  /** The embedder's allocator refused to free a block. */
  void allocatorFailed(RuntimeException error) {
    failed(ErrorLog.Kind.ALLOCATOR, 0, error);
  }

  /** What a host handle owned had been given back by something else. */
  void handleFailed(long ref, RuntimeException error) {
    try {
      log.add(new ErrorLog.Failure(ErrorLog.Kind.HOST_HANDLE, "", ref, error, false));
      heap.failureLogged();
    } catch (OutOfMemoryError e) {
      log.lost();
    }
  }

  /** Notes a failure. Whatever fails here, memory most likely, only counts. */
  private void failed(ErrorLog.Kind kind, int id, Throwable error) {
    boolean pinned = false;
    try {
      long ref = id == 0 ? Heap.NULL : heap.reference(id);
      pinned = kind == ErrorLog.Kind.FINALIZER && pinFailed && log.wouldPin(ref) && pin(id);
      String type = id == 0 ? "" : heap.store.info(heap.store.header(id)).type.name();
      HeapEvents.failed(heap.options().name(), kind.name(), type, ref, error);
      log.add(new ErrorLog.Failure(kind, type, ref, error, pinned));
      heap.failureLogged();
    } catch (Throwable e) {
      log.lost();
      if (pinned) {
        heap.disown(id); // held by its finalizer, so it cannot die here
      }
    }
  }

  private boolean pin(int id) {
    try {
      heap.own(id, null);
      return true;
    } catch (AllocatorException e) {
      return false;
    }
  }
}
