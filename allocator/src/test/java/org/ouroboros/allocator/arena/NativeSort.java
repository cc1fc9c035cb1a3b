package org.ouroboros.allocator.arena;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/** Calls C's qsort, whose comparator does something else in the middle of the native call. */
final class NativeSort {

  private final Runnable meanwhile;
  private final List<RuntimeException> refused = new ArrayList<>();

  NativeSort(Runnable meanwhile) {
    this.meanwhile = meanwhile;
  }

  /** What the action threw, each time. */
  List<RuntimeException> refused() {
    return refused;
  }

  @SuppressWarnings("UnusedMethod") // by a method handle
  private int compare(MemorySegment left, MemorySegment right) {
    try {
      meanwhile.run();
    } catch (RuntimeException e) {
      refused.add(e);
    }
    return Integer.compare(left.get(ValueLayout.JAVA_INT, 0), right.get(ValueLayout.JAVA_INT, 0));
  }

  @SuppressWarnings("restricted")
  void sort(MemorySegment numbers, long count) throws Throwable {
    Linker linker = Linker.nativeLinker();
    var pointer =
        ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(1, ValueLayout.JAVA_INT));
    MethodHandle compare =
        MethodHandles.lookup()
            .findVirtual(
                NativeSort.class,
                "compare",
                MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class))
            .bindTo(this);
    try (Arena stub = Arena.ofConfined()) {
      MemorySegment upcall =
          linker.upcallStub(
              compare, FunctionDescriptor.of(ValueLayout.JAVA_INT, pointer, pointer), stub);
      linker
          .downcallHandle(
              linker.defaultLookup().findOrThrow("qsort"),
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS))
          .invokeExact(numbers, count, 4L, upcall);
    }
  }
}
