package org.ouroboros.benchmarks.compare;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** What the JDK itself offers. All but {@code Unsafe} zero the block. */
final class JdkPairs {

  private JdkPairs() {}

  /** {@code sun.misc.Unsafe}, which is deprecated for removal. */
  static final class UnsafePair implements Pair {
    @Override
    public long once(int size) {
      long block = UnsafeCalls.allocate(size);
      UnsafeCalls.putByte(block, (byte) 1);
      UnsafeCalls.free(block);
      return block;
    }
  }

  /** A direct byte buffer, freed at once by its cleaner, as libraries do that may. */
  static final class ByteBufferPair implements Pair {
    @Override
    public long once(int size) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(size);
      buffer.put(0, (byte) 1);
      UnsafeCalls.clean(buffer);
      return size;
    }
  }

  /** An arena opened, one block of it, the arena closed. */
  static final class ArenaPair implements Pair {

    private final Supplier<Arena> opener;

    ArenaPair(Supplier<Arena> opener) {
      this.opener = opener;
    }

    @Override
    public long once(int size) {
      try (Arena arena = opener.get()) {
        MemorySegment segment = arena.allocate(size);
        segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        return segment.address();
      }
    }
  }

  /** An automatic arena: its end is left to the garbage collector. */
  static final class AutoArenaPair implements Pair {
    @Override
    public long once(int size) {
      MemorySegment segment = Arena.ofAuto().allocate(size);
      segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      return segment.address();
    }
  }
}
