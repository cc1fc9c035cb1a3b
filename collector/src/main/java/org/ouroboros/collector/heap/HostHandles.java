package org.ouroboros.collector.heap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HostHandleReport;
import org.ouroboros.collector.InvalidReferenceException;

/**
 * The heap's side of {@link org.ouroboros.collector.HostHandle}: makes handles, gives back what
 * nobody closed, and counts both.
 *
 * <p>To give back may let objects die, so it happens only where the caller must expect that anyway,
 * one reference after the other. What user code does meanwhile finds the list taken, and leaves the
 * rest to the drain that is under way; so drains do not nest, whatever finalizers do.
 *
 * <p>Thread rule: as the heap.
 */
final class HostHandles {

  /** How many references an operation that is about something else gives back. */
  private static final int SOME = 1024;

  private final ConfinedHeap heap;
  private final HandleQueue queue = new HandleQueue();
  private final boolean stacks;
  private final Map<Place, Origin> origins = new HashMap<>();

  /** Taken from the queue and not yet given back. */
  private HandleQueue.@Nullable Node waiting;

  private boolean draining;
  private long made;
  private long closed;
  private long unreachable;

  private record Place(String type, List<StackTraceElement> stack) {}

  private static final class Origin {

    final Throwable stack;
    long handles;

    Origin(Throwable stack) {
      this.stack = stack;
    }
  }

  HostHandles(ConfinedHeap heap, boolean stacks) {
    this.heap = heap;
    this.stacks = stacks;
  }

  /**
   * Makes a handle that takes an owned reference over.
   *
   * @throws OutOfMemoryError if the Java heap has no room; the caller still owns the reference then
   */
  OwnedHostHandle make(long owned) {
    Throwable stack = stacks ? new Throwable("made here") : null;
    HandleQueue.Node node = new HandleQueue.Node(queue, owned, stack);
    OwnedHostHandle handle = new OwnedHostHandle(heap, node);
    boolean registered = false;
    try {
      handle.register();
      registered = true;
    } finally {
      if (!registered) {
        node.ref = Heap.NULL; // however far the cleaner came, it gives nothing back
      }
    }
    made++;
    return handle;
  }

  /** A handle was closed. */
  void handleClosed() {
    closed++;
  }

  /** Gives some references back, if there are any; nothing while a collection runs. */
  void drainSome() {
    if (waiting != null || !queue.isEmpty()) {
      drainIfFree();
    }
  }

  private void drainIfFree() {
    if (!heap.cycles().isCollecting()) {
      drain(SOME);
    }
  }

  /**
   * Gives all references back that are there when it begins. It ends even if more come meanwhile.
   *
   * @return how many; 0 inside another drain, which gives back the rest
   */
  int drainAll() {
    int left = drain(Integer.MAX_VALUE); // what an earlier drain took and did not finish
    return left + drain(Integer.MAX_VALUE);
  }

  /** Takes new ones only when all that were taken before are given back. */
  private int drain(int most) {
    if (draining) {
      return 0;
    }
    draining = true;
    int given = 0;
    try {
      if (waiting == null) {
        waiting = queue.takeAll();
      }
      while (waiting != null && given < most) {
        HandleQueue.Node node = waiting;
        waiting = node.next;
        given++;
        giveBack(node);
      }
    } finally {
      draining = false;
    }
    return given;
  }

  private void giveBack(HandleQueue.Node node) {
    long ref = node.ref;
    node.ref = 0;
    unreachable++;
    if (node.stack != null) {
      note(ref, node.stack);
    }
    try {
      heap.release(ref);
    } catch (InvalidReferenceException e) {
      heap.hooks.handleFailed(ref, e);
    }
  }

  private void note(long ref, Throwable stack) {
    try {
      String type = heap.isLive(ref) ? heap.typeOf(ref).name() : "(dead)";
      Place place = new Place(type, Arrays.asList(stack.getStackTrace()));
      Origin origin = origins.get(place);
      if (origin == null && origins.size() < HostHandleReport.MOST_ORIGINS) {
        origin = new Origin(stack);
        origins.put(place, origin);
      }
      if (origin != null) {
        origin.handles++;
      }
    } catch (OutOfMemoryError e) {
      // The handle is counted; where it was made is lost.
    }
  }

  /** Nothing is given back from now on. */
  void close() {
    queue.close();
    waiting = null;
  }

  HostHandleReport report() {
    List<HostHandleReport.Origin> all = new ArrayList<>();
    origins.forEach(
        (place, origin) ->
            all.add(new HostHandleReport.Origin(place.type(), origin.handles, origin.stack)));
    all.sort(Comparator.comparingLong(HostHandleReport.Origin::handles).reversed());
    return new HostHandleReport(made, closed, unreachable, all);
  }
}
