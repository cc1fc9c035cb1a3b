package org.ouroboros.allocator.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of the process that memory was allocated on: each once, named by a number. Numbers are
 * never given to another stack.
 *
 * <p>A walk is looked up by what the JVM has at hand of each frame, its class, method and index in
 * the byte code; only a stack that is new is made into file names and lines.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
final class Stacks {

  /** What stands for no stack that is known. */
  static final int NONE = 0;

  /** Whose frames tell nothing about who wants the memory. */
  private static final String[] OWN = {
    "org.ouroboros.allocator.", "org.ouroboros.collector.", "java.lang.foreign.", "jdk.internal."
  };

  /** A page of a few frames is what the JVM fetches at once; the first is skipped in any case. */
  private static final StackWalker WALKER =
      StackWalker.getInstance(Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE), 4);

  private static final ConcurrentHashMap<Walk, Integer> WALKS = new ConcurrentHashMap<>();
  private static final ConcurrentHashMap<Traceback, Integer> NUMBERS = new ConcurrentHashMap<>();
  private static final List<Traceback> TRACEBACKS = new ArrayList<>(List.of(Traceback.UNKNOWN));

  /** Of classes, whether they are this library's. */
  private static final Map<String, Boolean> LIBRARY = new ConcurrentHashMap<>();

  private static final int BYTES_OF_STACK = 200;
  private static final int BYTES_OF_FRAME = 80;
  private static final AtomicLong BYTES = new AtomicLong();

  private Stacks() {}

  /** The frames of a walk, without making anything of them. */
  private static final class Walk {
    private final String[] names;
    private final int[] places;
    private final boolean isWhole;
    private final int hash;

    Walk(String[] names, int[] places, int count, boolean isWhole) {
      this.isWhole = isWhole;
      this.names = Arrays.copyOf(names, 3 * count);
      this.places = Arrays.copyOf(places, count);
      int h = count;
      for (int i = 0; i < count; i++) {
        h = 31 * (31 * h + names[3 * i].hashCode()) + names[3 * i + 1].hashCode();
        h = 31 * (31 * h + names[3 * i + 2].hashCode()) + places[i];
      }
      this.hash = h;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Walk walk
          && walk.hash == hash
          && walk.isWhole == isWhole
          && Arrays.equals(walk.places, places)
          && Arrays.equals(walk.names, names);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** The number of the caller's stack, without the frames of this library. */
  static int capture(int frames) {
    return WALKER.walk(stream -> number(stream, frames));
  }

  private static int number(Stream<StackWalker.StackFrame> stream, int frames) {
    String[] names = new String[3 * Math.min(frames, 32)];
    int[] places = new int[Math.min(frames, 32)];
    List<StackWalker.StackFrame> kept = frames == 1 ? List.of() : new ArrayList<>();
    StackWalker.StackFrame first = null;
    int count = 0;
    Iterator<StackWalker.StackFrame> all = stream.iterator();
    while (count < frames && all.hasNext()) {
      StackWalker.StackFrame frame = all.next();
      String name = frame.getClassName();
      if (count == 0 && isLibrary(name)) {
        continue;
      }
      if (count == places.length) {
        names = Arrays.copyOf(names, 2 * names.length);
        places = Arrays.copyOf(places, 2 * count);
      }
      names[3 * count] = name;
      names[3 * count + 1] = frame.getMethodName();
      names[3 * count + 2] = frame.getDescriptor();
      places[count++] = frame.getByteCodeIndex();
      if (frames == 1) {
        first = frame;
      } else {
        kept.add(frame);
      }
    }
    // whether another frame follows would have to be fetched
    Walk walk = new Walk(names, places, count, count < frames);
    Integer known = WALKS.get(walk);
    return known != null ? known : add(walk, first == null ? kept : List.of(first));
  }

  /** Whether a class is a part of this library. */
  static boolean isLibrary(String className) {
    Boolean known = LIBRARY.get(className);
    if (known == null) {
      known = false;
      for (String prefix : OWN) {
        known |= className.startsWith(prefix);
      }
      LIBRARY.put(className, known);
    }
    return known;
  }

  private static int add(Walk walk, List<StackWalker.StackFrame> frames) {
    OptionalInt total = walk.isWhole ? OptionalInt.of(frames.size()) : OptionalInt.empty();
    int number =
        of(
            new Traceback(
                frames.stream().map(frame -> Frame.of(frame.toStackTraceElement())).toList(),
                total));
    if (WALKS.size() < 2 * TraceEntry.MAX_STACKS && WALKS.putIfAbsent(walk, number) == null) {
      BYTES.addAndGet(BYTES_OF_STACK + (long) BYTES_OF_FRAME * frames.size());
    }
    return number;
  }

  /** The number of a stack; {@link #NONE} if there are too many. */
  static int of(Traceback traceback) {
    Integer known = NUMBERS.get(traceback);
    if (known != null) {
      return known;
    }
    synchronized (TRACEBACKS) {
      Integer now = NUMBERS.get(traceback);
      if (now != null) {
        return now;
      }
      if (TRACEBACKS.size() == TraceEntry.MAX_STACKS) {
        return NONE;
      }
      TRACEBACKS.add(traceback);
      NUMBERS.put(traceback, TRACEBACKS.size() - 1);
      BYTES.addAndGet(BYTES_OF_STACK + (long) BYTES_OF_FRAME * traceback.frames().size());
      return TRACEBACKS.size() - 1;
    }
  }

  static Traceback get(int number) {
    synchronized (TRACEBACKS) {
      return TRACEBACKS.get(number);
    }
  }

  /** Whether any stack of this process was walked. */
  static boolean hasWalked() {
    return !WALKS.isEmpty();
  }

  /** About the bytes on the Java heap. */
  static long bytes() {
    return BYTES.get();
  }
}
