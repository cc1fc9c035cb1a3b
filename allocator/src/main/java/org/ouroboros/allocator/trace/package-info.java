/**
 * Where memory was allocated: Python's {@code tracemalloc} for memory outside the Java heap.
 *
 * <p>{@link org.ouroboros.allocator.trace.TracingAllocator} goes around any allocator and keeps, of
 * each live block, its size and the frames of the code that asked for it. {@link
 * org.ouroboros.allocator.trace.Snapshot} holds what was live at one moment; snapshots are grouped,
 * filtered, compared with each other, printed, and kept in files.
 *
 * {@snippet lang="java" :
 * try (TracingAllocator allocator = TracingAllocator.wrap(OuroborosAllocator.create())) {
 *   Snapshot before = allocator.snapshot();
 *   run(allocator);
 *   Snapshot after = allocator.snapshot();
 *   after.compareTo(before, GroupBy.LINE).stream().limit(10).forEach(System.out::println);
 *   System.out.println(after.top(10, GroupBy.STACK));
 * }
 * }
 *
 * <p>By name it is the suffix {@code _trace}: {@code -Douroboros.malloc=ouroboros_trace}, with the
 * options of {@link org.ouroboros.allocator.trace.TraceOptions#fromProperties}.
 *
 * <p>A walk over the stack costs about a microsecond, hundred times what a small block costs. Two
 * ways around it: {@link org.ouroboros.allocator.trace.TraceOptions#withSampleBytes sampling}, for
 * production; and {@link org.ouroboros.allocator.trace.TraceAgent}, a Java agent that numbers the
 * call sites when classes are loaded, so that a trace of one frame needs no walk.
 */
@NullMarked
package org.ouroboros.allocator.trace;

import org.jspecify.annotations.NullMarked;
