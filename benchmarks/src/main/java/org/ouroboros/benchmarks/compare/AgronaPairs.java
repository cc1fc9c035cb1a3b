package org.ouroboros.benchmarks.compare;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.agrona.AgronaBuffers;

/** Agrona's buffers, which SBE and Aeron write to. */
final class AgronaPairs {

  private AgronaPairs() {}

  /** Over a block of a confined view. */
  static final class BlockPair implements Pair {

    private final OuroborosAllocator owner = OuroborosAllocator.create();
    private final Allocator view = owner.confined();
    private final AgronaBuffers buffers = new AgronaBuffers(view);

    @Override
    public long once(int size) {
      UnsafeBuffer buffer = buffers.allocate(size);
      buffer.putByte(0, (byte) 1);
      long address = buffer.addressOffset();
      buffers.free(buffer);
      return address;
    }

    @Override
    public void close() {
      view.close();
      owner.close();
    }
  }

  /** Over a direct byte buffer, as Agrona's users have it today, freed by Agrona. */
  static final class DirectPair implements Pair {
    @Override
    public long once(int size) {
      UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(size));
      buffer.putByte(0, (byte) 1);
      long address = buffer.addressOffset();
      BufferUtil.free(buffer);
      return address;
    }
  }
}
