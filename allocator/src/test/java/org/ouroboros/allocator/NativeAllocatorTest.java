package org.ouroboros.allocator;

import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Nested;

/** The contract on every C library that this machine has. */
class NativeAllocatorTest {

  /** A new allocator; where there is none the test is skipped and says why. */
  private static Allocator available(String name) {
    try {
      return Allocators.of(name);
    } catch (AllocatorUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  @Nested
  class Libc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("libc");
    }
  }

  @Nested
  class Mimalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("mimalloc");
    }
  }

  @Nested
  class MimallocOfLwjgl extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("mimalloc-lwjgl");
    }
  }

  @Nested
  class Jemalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("jemalloc");
    }
  }

  @Nested
  class JemallocOfLwjgl extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("jemalloc-lwjgl");
    }
  }

  @Nested
  class Tcmalloc extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available("tcmalloc");
    }
  }
}
