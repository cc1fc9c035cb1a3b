package org.ouroboros.collector;

import java.util.List;
import java.util.Set;

/**
 * The collector of a heap's cycles: what Python's {@code gc} module offers, in Java's style.
 *
 * <p>Objects that can take part in a cycle are <i>tracked</i>: they begin in generation 0 and move
 * on to 1 and 2 when a collection of their generation finds them alive. Collecting a generation
 * collects the younger ones with it. Frozen objects are in the permanent generation, which is never
 * collected.
 *
 * <p>Automatic collection is on at first. It happens in allocations only, when more tracked objects
 * were made than freed since the last one by the first threshold.
 *
 * <p>References that methods return are borrowed. Thread rule: as the heap. While a collection runs
 * (in finalizers, callbacks and listeners), {@code collect} does nothing and returns 0, and objects
 * that are being collected are not shown.
 */
public interface Collector {

  /** How many generations there are, without the permanent one. */
  int GENERATIONS = 3;

  /** The oldest generation that is collected. */
  int OLDEST = 2;

  /** What {@link #generation} calls the permanent generation. */
  int PERMANENT = 3;

  /** What {@link #generation} says of objects that are not tracked. */
  int UNTRACKED = -1;

  /**
   * Switches automatic collection on.
   *
   * @return whether it was on
   */
  boolean enable();

  /**
   * Switches automatic collection off. Counting goes on freeing, and {@link #collect()} works.
   *
   * @return whether it was on
   */
  boolean disable();

  /**
   * Whether automatic collection is on.
   *
   * @return true at first
   */
  boolean isEnabled();

  /**
   * Collects all generations.
   *
   * @return as {@link #collect(int)}
   */
  default int collect() {
    return collect(OLDEST);
  }

  /**
   * Finds the garbage of a generation and all younger ones, and frees it: clears its weak
   * references, runs finalizers, keeps what those brought back, frees the rest. Never fails for
   * memory.
   *
   * @param generation 0, 1 or 2
   * @return how many tracked objects were found to be garbage, weak references among them; 0 if a
   *     collection is running already
   * @throws IllegalArgumentException if there is no such generation
   */
  int collect(int generation);

  /**
   * Works on an incremental full collection for some time, and begins one if none is under way;
   * before that, for half of the time, on what is still to die, see {@link
   * HeapOptions#withIncremental}. It is for programs that know when they are idle. A heap with
   * {@link HeapOptions#withIncremental} goes on with it by itself, whoever began it; others may be
   * stepped too, and leave it to the program. An explicit {@link #collect} of the oldest generation
   * gives up what is under way, or completes it if garbage is being freed already, and then
   * collects as ever.
   *
   * <p>Between steps garbage that was found is not freed at once, but it is dead to enumeration,
   * weak references and borrowed references. While a collection is under way, making objects and
   * storing references takes several times as long; reading and releasing does not.
   *
   * @param nanos for how long, 0 or more; 0 does the least there is to be done. Overrun by the time
   *     of the last piece of work: some tens of microseconds, or what it takes to dispose of
   *     garbage with finalizers or weak references, or to let die what only garbage held
   * @return whether a collection has ended; false if nothing could be done, since a finalizer,
   *     callback or another collection runs
   * @throws IllegalArgumentException if the time is negative
   */
  boolean step(long nanos);

  /**
   * Works on an incremental full collection for some time, if one is under way: {@link #step} but
   * that it begins none. For threads that have nothing else to do, such as a {@link
   * CollectorAgent}: a shared heap is marked by them while the others go on. Costs a load if
   * nothing is to be done.
   *
   * @param nanos for how long, as with {@link #step}
   * @return whether there was anything to do, and it could be done
   * @throws IllegalArgumentException if the time is negative
   */
  boolean assist(long nanos);

  /**
   * Sets when automatic collection happens.
   *
   * @param threshold net allocations of tracked objects (made less freed) that are to be exceeded
   *     before generation 0 is collected; 0 switches automatic collection off
   * @throws IllegalArgumentException if it is negative
   */
  void setThreshold(int threshold);

  /**
   * Sets when automatic collection happens.
   *
   * @param threshold0 see {@link #setThreshold(int)}
   * @param threshold1 collections of generation 0 to be exceeded before 1 is collected
   * @throws IllegalArgumentException if one is negative
   */
  void setThreshold(int threshold0, int threshold1);

  /**
   * Sets when automatic collection happens.
   *
   * @param threshold0 see {@link #setThreshold(int)}
   * @param threshold1 collections of generation 0 to be exceeded before 1 is collected
   * @param threshold2 collections of generation 1 to be exceeded before 2 is considered: it is
   *     collected then if it grew by a quarter since it last was
   * @throws IllegalArgumentException if one is negative
   */
  void setThreshold(int threshold0, int threshold1, int threshold2);

  /**
   * The thresholds.
   *
   * @return at first 2000, 10, 10
   */
  Counters threshold();

  /**
   * What is compared with the thresholds.
   *
   * @return net allocations since the last collection; collections of generation 0 since one of 1;
   *     collections of generation 1 since one of 2
   */
  Counters count();

  /**
   * Figures of all collections so far.
   *
   * @return one for each generation
   */
  List<GenerationStats> stats();

  /**
   * Sets what is reported, and kept, for debugging. Reports go to the heap's {@link
   * HeapOptions#debugOutput}.
   *
   * @param flags none to switch it off
   */
  void setDebug(DebugFlag... flags);

  /**
   * What was set with {@link #setDebug}.
   *
   * @return none at first
   */
  Set<DebugFlag> debug();

  /**
   * Objects that were found unreachable and not freed: those with a legacy finalizer in a cycle, or
   * all with {@link DebugFlag#SAVE_ALL}.
   *
   * @return the same list always
   */
  Garbage garbage();

  /**
   * All tracked objects, but frozen ones. Cost: a look at every object.
   *
   * @return references, in the order of their ids
   */
  long[] objects();

  /**
   * The tracked objects of a generation.
   *
   * @param generation 0, 1 or 2
   * @return references, in the order of their ids
   * @throws IllegalArgumentException if there is no such generation
   */
  long[] objects(int generation);

  /**
   * The tracked objects that refer to any of some, but frozen ones. Cost: a look at every object.
   *
   * @param targets live objects
   * @return references, each once, in the order of their ids
   */
  long[] referrers(long... targets);

  /**
   * What objects refer to.
   *
   * @param refs live objects
   * @return the targets of their references, as often as they refer to them
   */
  long[] referents(long... refs);

  /**
   * Whether an object can take part in a cycle, as far as its type tells.
   *
   * @param ref a live object
   * @return false if the collector never looks at it
   */
  boolean isTracked(long ref);

  /**
   * Whether an object's finalizer has run.
   *
   * @param ref a live object
   * @return false if it has none, or one that runs at every death
   */
  boolean isFinalized(long ref);

  /**
   * The generation of an object.
   *
   * @param ref a live object
   * @return 0, 1, 2, {@link #PERMANENT} or {@link #UNTRACKED}
   */
  int generation(long ref);

  /**
   * Moves all tracked objects to the permanent generation, and sets the counters to 0. Garbage
   * among them is kept until {@link #unfreeze}.
   *
   * @throws HeapExhaustedException if there is no memory to note it; nothing has changed then
   */
  void freeze();

  /** Moves all frozen objects to generation 2. */
  void unfreeze();

  /**
   * How many objects are frozen.
   *
   * @return 0 or more
   */
  long freezeCount();

  /**
   * Adds a listener, which is told of every collection that follows.
   *
   * @param listener called after those that were added before
   */
  void addListener(CollectionListener listener);

  /**
   * Removes a listener.
   *
   * @param listener one that was added
   * @return whether it had been
   */
  boolean removeListener(CollectionListener listener);

  /**
   * Shows all tracked objects to a visitor, frozen ones too, without making a list of them.
   *
   * @param visitor called until it says stop
   */
  void visitObjects(ObjectVisitor visitor);

  /**
   * A figure for each generation.
   *
   * @param generation0 of generation 0
   * @param generation1 of generation 1
   * @param generation2 of generation 2
   */
  record Counters(int generation0, int generation1, int generation2) {}
}
