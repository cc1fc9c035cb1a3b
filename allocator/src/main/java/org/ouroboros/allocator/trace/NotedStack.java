package org.ouroboros.allocator.trace;

import java.util.Arrays;

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

  private final int frames;

  NotedStack(int frames) {
    super(null, null, false, true);
    this.frames = frames;
  }

  /** The number of the stack, without the frames of this library. */
  int number() {
    return Stacks.of(
        new Traceback(
            Arrays.stream(getStackTrace())
                .filter(frame -> !isReflection(frame.getClassName()))
                .dropWhile(frame -> Stacks.isLibrary(frame.getClassName()))
                .limit(frames)
                .map(Frame::of)
                .toList()));
  }

  /** What a walk leaves out too. */
  private static boolean isReflection(String name) {
    return name.equals("java.lang.reflect.Method")
        || name.equals("java.lang.reflect.Constructor")
        || name.startsWith("jdk.internal.reflect.");
  }
}
