package org.ouroboros.allocator.trace;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.ouroboros.allocator.Allocator;

/**
 * What the calls lead to that {@link TraceAgent} has replaced. Not to be called by hand.
 *
 * <p>Thread rule: any thread.
 */
@SuppressWarnings("UnusedMethod") // they are found by their names, in link
public final class CallSites {

  private static final MethodHandles.Lookup OWN = MethodHandles.lookup();

  private CallSites() {}

  /**
   * Links a call. Called by the JVM, once for each place.
   *
   * @param caller the class that calls
   * @param name what it calls of {@link Allocator}
   * @param type the allocator and the arguments
   * @param method the method that calls
   * @param source the name of its source file; empty if it is not known
   * @param line the line of the call, 0 if it is not known
   * @return the target, which knows the number of the place
   * @throws NoSuchMethodException if it is none of the methods that allocate
   * @throws IllegalAccessException never
   */
  public static CallSite link(
      MethodHandles.Lookup caller,
      String name,
      MethodType type,
      String method,
      String source,
      int line)
      throws NoSuchMethodException, IllegalAccessException {
    Frame frame =
        Frame.of(caller.lookupClass().getName(), method, source.isEmpty() ? null : source, line);
    int site = Stacks.of(new Traceback(List.of(frame)));
    MethodType own =
        type.changeParameterType(0, Allocator.class).insertParameterTypes(0, int.class);
    MethodHandle target = OWN.findStatic(CallSites.class, name, own);
    return new ConstantCallSite(MethodHandles.insertArguments(target, 0, site).asType(type));
  }

  private static long malloc(int site, Allocator allocator, long size) {
    return allocator instanceof TracingAllocator tracing
        ? tracing.mallocAt(size, site)
        : allocator.malloc(size);
  }

  private static long calloc(int site, Allocator allocator, long count, long size) {
    return allocator instanceof TracingAllocator tracing
        ? tracing.callocAt(count, size, site)
        : allocator.calloc(count, size);
  }

  private static long realloc(int site, Allocator allocator, long address, long size) {
    return allocator instanceof TracingAllocator tracing
        ? tracing.reallocAt(address, size, site)
        : allocator.realloc(address, size);
  }

  private static long alignedAlloc(int site, Allocator allocator, long alignment, long size) {
    return allocator instanceof TracingAllocator tracing
        ? tracing.alignedAllocAt(alignment, size, site)
        : allocator.alignedAlloc(alignment, size);
  }
}
