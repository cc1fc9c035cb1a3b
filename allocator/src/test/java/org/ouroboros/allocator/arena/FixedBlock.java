package org.ouroboros.allocator.arena;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.LongConsumer;
import org.ouroboros.allocator.Allocator;

/** Allocators that have one block, which they hand out again and again. */
final class FixedBlock {

  private FixedBlock() {}

  /** Hands out the block; calloc zeroes what was asked for and nothing else. */
  static Allocator at(MemorySegment block) {
    return make(block, address -> {});
  }

  /** The same, but free notes the address and throws. */
  static Allocator refusing(MemorySegment block, List<Long> freed) {
    return make(
        block,
        address -> {
          freed.add(address);
          throw new IllegalStateException("refused " + freed.size());
        });
  }

  private static Allocator make(MemorySegment block, LongConsumer free) {
    return (Allocator)
        Proxy.newProxyInstance(
            FixedBlock.class.getClassLoader(),
            new Class<?>[] {Allocator.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "malloc", "alignedAlloc" -> block.address();
                  case "calloc" -> {
                    block.asSlice(0, (long) arguments[0] * (long) arguments[1]).fill((byte) 0);
                    yield block.address();
                  }
                  case "free" -> {
                    free.accept((long) arguments[0]);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
