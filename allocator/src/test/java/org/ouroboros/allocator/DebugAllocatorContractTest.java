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
  class AroundOuroboros extends DebugContract {
    @Override
    protected Allocator create() {
      return Allocators.of("ouroboros_debug");
    }
  }

  @Nested
  class AroundConfinedView extends DebugContract {
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
  class AroundMappedFile extends DebugContract {
    @Override
    protected Allocator create() {
      return DebugAllocator.wrap(
          OuroborosAllocator.builder().source(MappedFileSource.create()).build());
    }
  }

  @Nested
  class AroundLibc extends DebugContract {
    @Override
    protected Allocator create() {
      return available("libc_debug");
    }
  }

  @Nested
  class AroundMimalloc extends DebugContract {
    @Override
    protected Allocator create() {
      return available("mimalloc_debug");
    }
  }

  /**
   * Not 64 GiB: each byte is written when it is allocated and when it is freed, which takes longer
   * than all other tests together. That memory is reused is checked by what is committed, too.
   */
  abstract static class DebugContract extends AllocatorContractTest {
    @Override
    protected long bytesToReuse() {
      return 4L << 30;
    }
  }

  @Nested
  class Twice extends DebugContract {
    @Override
    protected Allocator create() {
      return Allocators.of("ouroboros_debug_debug");
    }
  }

  @Nested
  class WithStacksAndWithoutQuarantine extends DebugContract {
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
