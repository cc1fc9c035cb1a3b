package org.ouroboros.allocator.netty;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/** Many bytes at a time: to and from arrays, other buffers, streams and channels. */
abstract class TransferByteBuf extends MemoryByteBuf {

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** How many bytes at a time go through an array, where a stream wants one. */
  private static final int STEP = 8192;

  /** What {@code setBytes} returns at the end of a stream or channel. */
  private static final int END = -1;

  TransferByteBuf() {}

  // --------------------------------------------------------------------- reading

  @Override
  public final ByteBuf getBytes(int index, byte[] dst, int dstIndex, int length) {
    checkDstIndex(index, length, dstIndex, dst.length);
    MemorySegment.copy(memory(), BYTE, at(index), dst, dstIndex, length);
    return this;
  }

  @Override
  public final ByteBuf getBytes(int index, ByteBuf dst, int dstIndex, int length) {
    checkDstIndex(index, length, dstIndex, dst.capacity());
    if (ALL != null && dst.hasMemoryAddress() && !dst.isReadOnly()) {
      MemorySegment.copy(ALL, at(index), ALL, dst.memoryAddress() + dstIndex, length);
    } else if (dst.hasArray() && !dst.isReadOnly()) {
      getBytes(index, dst.array(), dst.arrayOffset() + dstIndex, length);
    } else {
      dst.setBytes(dstIndex, nioBuffer(index, length));
    }
    return this;
  }

  @Override
  public final ByteBuf getBytes(int index, ByteBuffer dst) {
    int length = dst.remaining();
    checkIndex(index, length);
    if (dst.hasArray()) {
      getBytes(index, dst.array(), dst.arrayOffset() + dst.position(), length);
      dst.position(dst.position() + length);
    } else {
      dst.put(nioBuffer(index, length));
    }
    return this;
  }

  @Override
  public final ByteBuf getBytes(int index, OutputStream out, int length) throws IOException {
    checkIndex(index, length);
    byte[] bytes = new byte[Math.min(length, STEP)];
    for (int done = 0; done < length; ) {
      int step = Math.min(length - done, STEP);
      getBytes(index + done, bytes, 0, step);
      out.write(bytes, 0, step);
      done += step;
    }
    return this;
  }

  @Override
  public final int getBytes(int index, GatheringByteChannel out, int length) throws IOException {
    ensureAccessible();
    return length == 0 ? 0 : out.write(nioBuffer(index, length));
  }

  @Override
  public final int getBytes(int index, FileChannel out, long position, int length)
      throws IOException {
    ensureAccessible();
    return length == 0 ? 0 : out.write(nioBuffer(index, length), position);
  }

  // --------------------------------------------------------------------- writing

  @Override
  public final ByteBuf setBytes(int index, byte[] src, int srcIndex, int length) {
    checkSrcIndex(index, length, srcIndex, src.length);
    MemorySegment.copy(src, srcIndex, memory(), BYTE, at(index), length);
    return this;
  }

  @Override
  public final ByteBuf setBytes(int index, ByteBuf src, int srcIndex, int length) {
    checkSrcIndex(index, length, srcIndex, src.capacity());
    if (ALL != null && src.hasMemoryAddress()) {
      MemorySegment.copy(ALL, src.memoryAddress() + srcIndex, ALL, at(index), length);
    } else if (src.hasArray()) {
      setBytes(index, src.array(), src.arrayOffset() + srcIndex, length);
    } else if (src.nioBufferCount() > 0) {
      int to = index;
      for (ByteBuffer part : src.nioBuffers(srcIndex, length)) {
        int bytes = part.remaining();
        setBytes(to, part);
        to += bytes;
      }
    } else {
      src.getBytes(srcIndex, this, index, length);
    }
    return this;
  }

  @Override
  public final ByteBuf setBytes(int index, ByteBuffer src) {
    int length = src.remaining();
    checkIndex(index, length);
    if (src.hasArray()) {
      setBytes(index, src.array(), src.arrayOffset() + src.position(), length);
      src.position(src.position() + length);
    } else {
      nioBuffer(index, length).put(src);
    }
    return this;
  }

  @Override
  public final int setBytes(int index, InputStream in, int length) throws IOException {
    checkIndex(index, length);
    byte[] bytes = new byte[Math.min(length, STEP)];
    int done = 0;
    int wanted;
    int read;
    do {
      wanted = Math.min(length - done, STEP);
      read = in.read(bytes, 0, wanted);
      if (read <= 0) {
        return done == 0 ? read : done;
      }
      setBytes(index + done, bytes, 0, read);
      done += read;
    } while (done < length && read == wanted); // for less, more might have to be waited for
    return done;
  }

  @Override
  public final int setBytes(int index, ScatteringByteChannel in, int length) throws IOException {
    checkIndex(index, length);
    try {
      return in.read(internalNioBuffer(index, length));
    } catch (ClosedChannelException e) {
      return END;
    }
  }

  @Override
  public final int setBytes(int index, FileChannel in, long position, int length)
      throws IOException {
    checkIndex(index, length);
    try {
      return in.read(internalNioBuffer(index, length), position);
    } catch (ClosedChannelException e) {
      return END;
    }
  }

  @Override
  public final ByteBuf setZero(int index, int length) {
    checkIndex(index, length);
    memory().asSlice(at(index), length).fill((byte) 0);
    return this;
  }

  @Override
  public final ByteBuf writeZero(int length) {
    ensureWritable(length);
    int index = writerIndex();
    setZero(index, length);
    writerIndex(index + length);
    return this;
  }

  @Override
  public final ByteBuf copy(int index, int length) {
    checkIndex(index, length);
    return alloc().directBuffer(length, maxCapacity()).writeBytes(this, index, length);
  }
}
