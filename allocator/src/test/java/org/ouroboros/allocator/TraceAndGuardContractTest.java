package org.ouroboros.allocator;

import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.ouroboros.allocator.guard.GuardAllocator;
import org.ouroboros.allocator.guard.GuardOptions;
import org.ouroboros.allocator.trace.TraceOptions;
import org.ouroboros.allocator.trace.TracingAllocator;

/** The contract on tracers and guards around other allocators, and on stacks of decorators. */
class TraceAndGuardContractTest {

  private static Allocator available(String name) {
    try {
      return Allocators.of(name);
    } catch (AllocatorUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  @Nested
  class Traced extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return Allocators.of("ouroboros_trace");
    }
  }

  @Nested
  class TracedView extends AllocatorContractTest {
    private OuroborosAllocator shared;

    @Override
    protected Allocator create() {
      shared = OuroborosAllocator.create();
      return TracingAllocator.wrap(shared.confined(), TraceOptions.DEFAULT.withFrames(3));
    }

    @AfterEach
    void closeShared() {
      shared.close();
    }
  }

  @Nested
  class TracedLibc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("libc_trace");
    }
  }

  @Nested
  class Sampled extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return TracingAllocator.wrap(
          OuroborosAllocator.create(), TraceOptions.DEFAULT.withSampleBytes(1000));
    }
  }

  @Nested
  class Guarded extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return Allocators.of("ouroboros_guard");
    }
  }

  @Nested
  class OftenGuarded extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return GuardAllocator.wrap(
          OuroborosAllocator.create(), GuardOptions.DEFAULT.withEvery(3).withStackDepth(2));
    }
  }

  @Nested
  class AlwaysGuardedView extends AllocatorContractTest {
    private OuroborosAllocator shared;

    @Override
    protected Allocator create() {
      shared = OuroborosAllocator.create();
      return GuardAllocator.wrap(
          shared.confined(), GuardOptions.DEFAULT.withEvery(1).withStackDepth(0));
    }

    @AfterEach
    void closeShared() {
      shared.close();
    }
  }

  @Nested
  class GuardedMimalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("mimalloc_guard");
    }
  }

  @Nested
  class AllOfThem extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return Allocators.of("ouroboros_debug_guard_trace");
    }
  }
}
