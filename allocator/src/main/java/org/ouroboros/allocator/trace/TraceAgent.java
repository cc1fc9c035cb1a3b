package org.ouroboros.allocator.trace;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent that makes traces of one frame cheap: no walk over the stack is needed for calls
 * that know their own place.
 *
 * <p>Started with {@code -javaagent:ouroboros-allocator.jar}, it looks at the classes that are
 * loaded from then on, and lets each call of {@code malloc}, {@code calloc}, {@code realloc} and
 * {@code alignedAlloc} of {@link org.ouroboros.allocator.Allocator} or {@link TracingAllocator}
 * hand on the number of its line. Calls through other types, such as {@code SegmentAllocator}, and
 * traces of more frames are walked as without it; what is traced is the same. Where no tracer is
 * behind the call, it costs a check of the type.
 *
 * <p>Classes of the JDK and of this library are left as they are. A class that cannot be rewritten
 * is left as it is too, silently: a tool must not keep a program from starting.
 */
public final class TraceAgent {

  private TraceAgent() {}

  /**
   * Called by the JVM before {@code main}.
   *
   * @param arguments not used
   * @param instrumentation the JVM's
   */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new SiteTransformer());
  }
}
