package org.ouroboros.allocator.leak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.leak.LeakReport.Group;

/**
 * Watches the allocators and heaps that are made while it is on, and tells what they leave behind:
 * what {@code @LeakCheck} of the package {@code org.ouroboros.allocator.junit} stands on. While no
 * watch is on, making an allocator costs a load more, and calls of allocators cost nothing at any
 * time.
 *
 * <p>A watch belongs to the thread that began it, and to the threads which that one starts
 * meanwhile: what they make is the watch's, which tells of everything that is live of it at the
 * end, or was when it was closed. What was made for an <i>outer</i> watch (of the test class, where
 * the inner one is that of a test) is compared with how it was when the inner one began. If another
 * watch of the same outer one was on at the same time that would be anybody's, and is left to the
 * end of the outer one.
 *
 * <p>Not watched: what threads make that belong to no watch, such as those of a pool that is older;
 * regions, which free at their close; allocators that do not count, such as those of C libraries
 * without a debugger around; and what is inside of something else that is watched, such as the
 * allocator underneath a decorator.
 *
 * <p>Thread rule: the static methods may be called from any thread; a watch is ended by the thread
 * that began it. What is watched is held, so that it is not collected by the JVM, until the watch
 * ends.
 */
public final class LeakWatch {

  private static final InheritableThreadLocal<@Nullable LeakWatch> CURRENT =
      new InheritableThreadLocal<>();

  private static final Object LOCK = new Object();

  /** Written under the lock. */
  private static volatile int watches;

  /** What is watched, by identity; guarded by the lock, as the next. */
  private static final IdentityHashMap<Object, Watched> ALL = new IdentityHashMap<>();

  private static final List<LeakWatch> ACTIVE = new ArrayList<>();

  /** Something that may leave memory behind. */
  private static final class Watched {
    final Supplier<LeakReport> live;
    LeakWatch watch;
    boolean inside;
    @Nullable LeakReport leftAtClose;

    Watched(LeakWatch watch, Supplier<LeakReport> live) {
      this.watch = watch;
      this.live = live;
    }

    /** What is left; null if that cannot be told from here. */
    @Nullable LeakReport left() {
      LeakReport closed = leftAtClose;
      try {
        return closed != null ? closed : live.get();
      } catch (WrongThreadException | IllegalStateException e) {
        return null;
      }
    }
  }

  private final @Nullable LeakWatch outer;
  private final @Nullable LeakWatch before;

  /** What was live of the outer ones' when this began. */
  private final Map<Watched, LeakReport> levels = new HashMap<>();

  /** Whether another one was on that has the same outer one. */
  private boolean disturbed;

  private LeakWatch(@Nullable LeakWatch outer, @Nullable LeakWatch before) {
    this.outer = outer;
    this.before = before;
  }

  // --------------------------------------------------------- told by what is made

  /**
   * Tells that something was made. Does nothing while no watch is on.
   *
   * @param made by identity
   * @param inside what serves it, and is not watched by itself any more; null if there is nothing
   * @param live tells what is live of it; may throw {@link WrongThreadException} or {@link
   *     IllegalStateException} if that cannot be told
   */
  public static void made(Object made, @Nullable Object inside, Supplier<LeakReport> live) {
    if (watches > 0) {
      enter(made, inside, live);
    }
  }

  private static void enter(Object made, @Nullable Object inside, Supplier<LeakReport> live) {
    LeakWatch watch = CURRENT.get();
    synchronized (LOCK) {
      Watched served = inside == null ? null : ALL.get(inside);
      if (served != null) {
        served.inside = true;
      }
      if (watch != null && ACTIVE.contains(watch)) {
        ALL.put(made, new Watched(watch, live));
      }
    }
  }

  /**
   * Tells that something is about to be closed, and forgets what is live then. Does nothing while
   * no watch is on.
   *
   * @param closing what was made
   */
  public static void closing(Object closing) {
    if (watches > 0) {
      noteClosing(closing);
    }
  }

  private static void noteClosing(Object closing) {
    Watched watched;
    synchronized (LOCK) {
      watched = ALL.get(closing);
    }
    if (watched != null && watched.leftAtClose == null) {
      LeakReport left = watched.left();
      watched.leftAtClose = left;
    }
  }

  /**
   * Tells what was left of something when it was closed. Does nothing while no watch is on.
   *
   * @param closed what was made
   * @param left what was live
   */
  public static void closed(Object closed, Supplier<LeakReport> left) {
    if (watches > 0) {
      synchronized (LOCK) {
        Watched watched = ALL.get(closed);
        if (watched != null) {
          watched.leftAtClose = left.get();
        }
      }
    }
  }

  // -------------------------------------------------------------- beginning, ending

  /**
   * Begins a watch for the calling thread.
   *
   * @param outer the one that it is a part of; null if there is none
   * @return a new one, to be ended
   */
  public static LeakWatch begin(@Nullable LeakWatch outer) {
    LeakWatch begun = new LeakWatch(outer, CURRENT.get());
    List<Watched> outers = new ArrayList<>();
    synchronized (LOCK) {
      for (LeakWatch other : ACTIVE) {
        if (!begun.isPartOf(other) && begun.outermost() == other.outermost()) {
          other.disturbed = true;
          begun.disturbed = true;
        }
      }
      ACTIVE.add(begun);
      watches = ACTIVE.size();
      ALL.values().stream()
          .filter(w -> !w.inside && begun.isPartOf(w.watch) && w.leftAtClose == null)
          .forEach(outers::add);
    }
    for (Watched watched : outers) {
      LeakReport level = watched.left();
      if (level != null) {
        begun.levels.put(watched, level);
      }
    }
    CURRENT.set(begun);
    return begun;
  }

  private boolean isPartOf(LeakWatch other) {
    return other == this || outer != null && outer.isPartOf(other);
  }

  private LeakWatch outermost() {
    return outer == null ? this : outer.outermost();
  }

  /**
   * Ends the watch.
   *
   * @return what is left of all that was made for it, and what came to be live meanwhile of what
   *     was made for the outer ones; empty if all is well
   */
  public List<LeakReport> end() {
    List<Watched> own = new ArrayList<>();
    List<Watched> outers = new ArrayList<>();
    boolean compares;
    synchronized (LOCK) {
      for (Watched watched : ALL.values()) {
        if (!watched.inside) {
          (watched.watch == this ? own : outers).add(watched);
        }
      }
      compares = !disturbed;
    }
    List<LeakReport> leaks = new ArrayList<>();
    List<Watched> kept = new ArrayList<>();
    for (Watched watched : own) {
      LeakReport left = watched.left();
      if (left != null && !left.isEmpty()) {
        leaks.add(left);
      } else if (watched.leftAtClose == null) {
        kept.add(watched);
      }
    }
    for (Watched watched : outers) {
      LeakReport left = compares && isPartOf(watched.watch) ? watched.left() : null;
      if (left != null) {
        LeakReport more = more(levels.get(watched), left);
        if (!more.isEmpty()) {
          leaks.add(more);
          watched.leftAtClose = null;
        }
      }
    }
    leave(kept);
    return leaks;
  }

  /** What is empty and open stays watched by the outer one; what has leaked was told of. */
  private void leave(List<Watched> kept) {
    synchronized (LOCK) {
      ACTIVE.remove(this);
      watches = ACTIVE.size();
      if (outer != null) {
        kept.forEach(watched -> watched.watch = outer);
      }
      ALL.values().removeIf(watched -> watched.watch == this);
    }
    if (before == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(before);
    }
  }

  /** What there is more of; the groups of what was there before are left out. */
  private static LeakReport more(@Nullable LeakReport level, LeakReport now) {
    if (level == null || level.isEmpty()) {
      return now;
    }
    List<Group> groups = new ArrayList<>();
    for (Group group : now.groups()) {
      Group was = null;
      for (Group candidate : level.groups()) {
        if (candidate.kind().equals(group.kind()) && candidate.origin().equals(group.origin())) {
          was = candidate;
        }
      }
      if (was == null) {
        groups.add(group);
      } else if (group.count() > was.count()) {
        groups.add(
            new Group(
                group.kind(),
                group.origin(),
                group.count() - was.count(),
                Math.max(AllocatorStats.UNKNOWN, group.bytes() - was.bytes())));
      }
    }
    long count = now.count() - level.count();
    return new LeakReport(
        now.owner(),
        now.unit(),
        count,
        Math.max(0, now.bytes() - level.bytes()),
        count > 0 ? groups : List.of());
  }
}
