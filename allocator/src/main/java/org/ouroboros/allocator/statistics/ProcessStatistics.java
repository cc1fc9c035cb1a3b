package org.ouroboros.allocator.statistics;

import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorException;

/**
 * The statistics file of this process, for tools outside of it.
 *
 * <p>It is switched on by {@link #start(Path)}, or without a change of the program by the system
 * property {@value #PROPERTY} or else the environment variable {@value #VARIABLE}, which is looked
 * at when the first allocator or heap is made: a path, in which {@code %p} stands for the process
 * id, or {@code true} for {@link #defaultFile}. If a file that was asked for in this way cannot be
 * made, the program goes on without: the {@link System.Logger} {@code org.ouroboros} gets one
 * warning, and {@link #failure} tells.
 *
 * <p>Listed are, from then on, every {@link org.ouroboros.allocator.OuroborosAllocator} and every
 * allocator that is made by name, under its name, and every heap of the collector; others by {@link
 * #watch}. A daemon thread reads the allocators' counters once a second; heaps write theirs when
 * they collect. No hot path knows of it. Allocators are not kept alive by being listed.
 *
 * <p>Thread rule: any thread.
 */
public final class ProcessStatistics {

  /** The system property that names the file. */
  public static final String PROPERTY = "ouroboros.stats";

  /** The environment variable that names it where the property is not set. */
  public static final String VARIABLE = "OUROBOROS_STATS";

  /** Makes starting and stopping one step each. */
  private static final Object LOCK = new Object();

  /** Whether the property and the variable were looked at, or need not be any more. */
  private static final AtomicBoolean LOOKED = new AtomicBoolean();

  private static final AtomicReference<@Nullable AllocatorException> FAILURE =
      new AtomicReference<>();

  private static volatile @Nullable Sampler sampler;

  private ProcessStatistics() {}

  // ------------------------------------------------------------------------- on and off

  /**
   * Where the file of a process is if nothing else was said.
   *
   * @param pid the process
   * @return {@code ouroboros-PID.stats} in the folder for temporary files
   */
  public static Path defaultFile(long pid) {
    return Path.of(System.getProperty("java.io.tmpdir"), "ouroboros-" + pid + ".stats");
  }

  /**
   * Switches statistics on, with the {@linkplain #defaultFile default file} of this process.
   *
   * @return the file
   * @throws StatisticsException if it cannot be made
   * @throws IllegalStateException if they are on
   */
  public static Path start() {
    return start(defaultFile(ProcessHandle.current().pid()));
  }

  /**
   * Switches statistics on. The file is kept when the process ends.
   *
   * @param file where; a file of a process that has ended is replaced
   * @return the file
   * @throws StatisticsException if it cannot be made; nothing is on then
   * @throws IllegalStateException if they are on
   */
  public static Path start(Path file) {
    synchronized (LOCK) {
      Sampler running = sampler;
      if (running != null) {
        throw new IllegalStateException(
            "statistics are on, in " + running.writer() + "; stop them first");
      }
      Sampler made = new Sampler(StatisticsWriter.create(file));
      made.start();
      LOOKED.set(true);
      sampler = made;
      return file;
    }
  }

  /**
   * Switches statistics off: writes the allocators' figures once more, and marks the file as ended.
   * It is kept. Does nothing if they are not on.
   */
  public static void stop() {
    synchronized (LOCK) {
      LOOKED.set(true);
      Sampler running = sampler;
      if (running != null) {
        sampler = null;
        running.stop();
      }
    }
  }

  /**
   * The writer of the file, for what is to be listed beside allocators and heaps. Looks at the
   * property and the variable if nobody has.
   *
   * @return null if statistics are off
   */
  public static @Nullable StatisticsWriter writer() {
    Sampler running = sampler();
    return running == null ? null : running.writer();
  }

  /**
   * Why there is no file although the property or the variable asks for one.
   *
   * @return null if nothing failed
   */
  public static @Nullable AllocatorException failure() {
    return FAILURE.get();
  }

  private static @Nullable Sampler sampler() {
    Sampler running = sampler;
    return running != null || LOOKED.get() ? running : startIfAsked();
  }

  private static @Nullable Sampler startIfAsked() {
    synchronized (LOCK) {
      if (LOOKED.compareAndSet(false, true)) {
        String wanted = wanted(System.getProperty(PROPERTY), System.getenv(VARIABLE));
        if (wanted != null) {
          startOrTell(wanted);
        }
      }
      return sampler;
    }
  }

  private static void startOrTell(String wanted) {
    try {
      start(file(wanted, ProcessHandle.current().pid()));
    } catch (AllocatorException e) {
      FAILURE.set(e);
      System.getLogger("org.ouroboros").log(Level.WARNING, "no statistics: " + e.getMessage());
    }
  }

  /** What is asked for, or null. */
  static @Nullable String wanted(@Nullable String property, @Nullable String variable) {
    String asked = property != null && !property.isBlank() ? property : variable;
    return asked == null || asked.isBlank() || asked.strip().equals("false") ? null : asked.strip();
  }

  /** The file that is meant. */
  static Path file(String wanted, long pid) {
    if (wanted.equals("true")) {
      return defaultFile(pid);
    }
    try {
      return Path.of(wanted.replace("%p", Long.toString(pid)));
    } catch (InvalidPathException e) {
      throw new StatisticsException(
          StatisticsException.Kind.NOT_WRITABLE,
          defaultFile(pid),
          "is not made, since " + PROPERTY + " is not a path: " + e.getMessage(),
          e);
    }
  }

  // ---------------------------------------------------------------------------- listing

  /**
   * Lists an allocator, if statistics are on. Its counters are read by another thread, as {@link
   * Allocator#stats} allows.
   *
   * @param allocator of any kind
   * @param name under which name
   * @return whether it is listed: false if statistics are off or the file has no more room
   */
  public static boolean watch(Allocator allocator, String name) {
    Sampler running = sampler();
    return running != null && running.watch(allocator, name);
  }

  /**
   * An allocator was made: lists it under its name if statistics are on. For allocators' makers.
   *
   * @param <T> its kind
   * @param allocator a new one
   * @return the same
   */
  public static <T extends Allocator> T made(T allocator) {
    Sampler running = sampler();
    if (running != null) {
      running.watch(allocator, allocator.name());
    }
    return allocator;
  }

  /**
   * An allocator is about to be closed: writes its figures a last time if it is listed, and marks
   * its entry as ended. An allocator that does not call this is listed until it is unreachable.
   *
   * @param allocator any one
   */
  public static void closing(Allocator allocator) {
    Sampler running = sampler;
    if (running != null) {
      running.closing(allocator);
    }
  }

  /** Reads the counters of all allocators that are listed now, and not in a second. */
  public static void sample() {
    Sampler running = sampler;
    if (running != null) {
      running.sample();
    }
  }
}
