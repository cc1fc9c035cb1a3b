package org.ouroboros.allocator.trace;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The caller's stack as the JVM notes it for an exception, which is quicker than a walk, and which
 * is made into frames only when somebody asks: most sampled blocks are freed before. Never thrown.
 *
 * <p>Thread rule: any thread.
 */
final class NotedStack extends Throwable {

  /** On the Java heap, about, of one with up to 32 frames. */
  static final long BYTES = 750;

  private static final long serialVersionUID = 1;

  /** As many frames the JVM notes at most, unless its flag MaxJavaStackTraceDepth says less. */
  private static final int JVM_LIMIT = 1024;

  private final int frames;

  NotedStack(int frames) {
    super(null, null, false, true);
    this.frames = frames;
  }

  /** The number of the stack, without the frames of this library. */
  int number() {
    StackTraceElement[] noted = getStackTrace();
    List<StackTraceElement> program =
        Arrays.stream(noted)
            .filter(frame -> !isReflection(frame.getClassName()))
            .dropWhile(frame -> Stacks.isLibrary(frame.getClassName()))
            .toList();
    OptionalInt total =
        noted.length < JVM_LIMIT ? OptionalInt.of(program.size()) : OptionalInt.empty();
    return Stacks.of(
        new Traceback(program.stream().limit(frames).map(Frame::of).toList(), total));
  }

  /** What a walk leaves out too. */
  private static boolean isReflection(String name) {
    return name.equals("java.lang.reflect.Method")
        || name.equals("java.lang.reflect.Constructor")
        || name.startsWith("jdk.internal.reflect.");
  }
}
