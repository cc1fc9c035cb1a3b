package org.ouroboros.allocator;

import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.debug.DebugOptions;
import org.ouroboros.allocator.source.MappedFileSource;

/** The contract on debuggers around everything there is. */
class DebugAllocatorContractTest {

  private static Allocator available(String name) {
    try {
      return Allocators.of(name);
    } catch (AllocatorUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  @Nested
  class AroundOuroboros extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return Allocators.of("ouroboros_debug");
    }
  }

  @Nested
  class AroundConfinedView extends AllocatorContractTest {
    private OuroborosAllocator shared;

    @Override
    protected Allocator create() {
      shared = OuroborosAllocator.create();
      return Allocators.decorate(shared.confined(), "debug");
    }

    @AfterEach
    void closeShared() {
      shared.close();
    }
  }

  @Nested
  class AroundMappedFile extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return DebugAllocator.wrap(
          OuroborosAllocator.builder().source(MappedFileSource.create()).build());
    }
  }

  @Nested
  class AroundLibc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("libc_debug");
    }
  }

  @Nested
  class AroundMimalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("mimalloc_debug");
    }
  }

  @Nested
  class Twice extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return Allocators.of("ouroboros_debug_debug");
    }
  }

  @Nested
  class WithStacksAndWithoutQuarantine extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return DebugAllocator.wrap(
          OuroborosAllocator.create(),
          DebugOptions.DEFAULT
              .withStackDepth(4)
              .withQuarantineBytes(0)
              .withGuardBytes(16)
              .withSerials(false)
              .withCheckEvery(10_000));
    }
  }
}
