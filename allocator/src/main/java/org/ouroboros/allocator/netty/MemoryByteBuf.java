package org.ouroboros.allocator.netty;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.netty.buffer.AbstractReferenceCountedByteBuf;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.foreign.NativeAccess;

/**
 * Single values of a buffer over a block: what is below Netty's own checks.
 *
 * <p>Netty checks the reference count and the index of each access before it comes here, and slices
 * and duplicates come here after a check of their own, so an index lies within a live block: {@link
 * BlockByteBuf} never makes its block smaller. That is why accesses may go through one constant
 * segment over all memory, of which the JIT leaves a plain load or store. They do where this module
 * has native access, otherwise through the block's own segment. Who turns Netty's checks off
 * ({@code io.netty.buffer.checkBounds}) has none left, as with Netty's own buffers.
 */
abstract class MemoryByteBuf extends AbstractReferenceCountedByteBuf {

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT_BE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfShort SHORT_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT_BE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt INT_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG_BE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_LE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** All memory, where native access is allowed. */
  static final @Nullable MemorySegment ALL = all();

  /** The bits that an address can have set: with the others cleared, the JIT sees no bounds. */
  static final long ADDRESS_BITS = (1L << 62) - 1;

  /** Where the block begins. */
  long address;

  /** The block, where there is no native access; otherwise not used. */
  MemorySegment segment = MemorySegment.NULL;

  MemoryByteBuf() {
    super(0);
  }

  @SuppressWarnings("restricted")
  private static @Nullable MemorySegment all() {
    return NativeAccess.isEnabled() ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE) : null;
  }

  /** A segment that holds the block, to be accessed {@link #at} an offset. */
  final MemorySegment memory() {
    return ALL != null ? ALL : segment;
  }

  /** The offset of an index in {@link #memory}. */
  final long at(int index) {
    return ALL != null ? address + index & ADDRESS_BITS : index;
  }

  // --------------------------------------------------------------------- reading

  @Override
  protected final byte _getByte(int index) {
    return memory().get(BYTE, at(index));
  }

  @Override
  protected final short _getShort(int index) {
    return memory().get(SHORT_BE, at(index));
  }

  @Override
  protected final short _getShortLE(int index) {
    return memory().get(SHORT_LE, at(index));
  }

  @Override
  protected final int _getUnsignedMedium(int index) {
    return (_getShort(index) & 0xFFFF) << 8 | _getByte(index + 2) & 0xFF;
  }

  @Override
  protected final int _getUnsignedMediumLE(int index) {
    return _getShortLE(index) & 0xFFFF | (_getByte(index + 2) & 0xFF) << 16;
  }

  @Override
  protected final int _getInt(int index) {
    return memory().get(INT_BE, at(index));
  }

  @Override
  protected final int _getIntLE(int index) {
    return memory().get(INT_LE, at(index));
  }

  @Override
  protected final long _getLong(int index) {
    return memory().get(LONG_BE, at(index));
  }

  @Override
  protected final long _getLongLE(int index) {
    return memory().get(LONG_LE, at(index));
  }

  // --------------------------------------------------------------------- writing

  @Override
  protected final void _setByte(int index, int value) {
    memory().set(BYTE, at(index), (byte) value);
  }

  @Override
  protected final void _setShort(int index, int value) {
    memory().set(SHORT_BE, at(index), (short) value);
  }

  @Override
  protected final void _setShortLE(int index, int value) {
    memory().set(SHORT_LE, at(index), (short) value);
  }

  @Override
  protected final void _setMedium(int index, int value) {
    _setShort(index, value >> 8);
    _setByte(index + 2, value);
  }

  @Override
  protected final void _setMediumLE(int index, int value) {
    _setShortLE(index, value);
    _setByte(index + 2, value >> 16);
  }

  @Override
  protected final void _setInt(int index, int value) {
    memory().set(INT_BE, at(index), value);
  }

  @Override
  protected final void _setIntLE(int index, int value) {
    memory().set(INT_LE, at(index), value);
  }

  @Override
  protected final void _setLong(int index, long value) {
    memory().set(LONG_BE, at(index), value);
  }

  @Override
  protected final void _setLongLE(int index, long value) {
    memory().set(LONG_LE, at(index), value);
  }

  // ------------------------------------------------------------ what kind it is

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // an override, deprecated by Netty
  public final ByteOrder order() {
    return BIG_ENDIAN;
  }

  @Override
  public final @Nullable ByteBuf unwrap() {
    return null;
  }

  @Override
  public final boolean isDirect() {
    return true;
  }

  @Override
  public final boolean isContiguous() {
    return true;
  }

  @Override
  public final boolean hasArray() {
    return false;
  }

  @Override
  public final byte[] array() {
    throw new UnsupportedOperationException("a direct buffer has no array");
  }

  @Override
  public final int arrayOffset() {
    throw new UnsupportedOperationException("a direct buffer has no array");
  }

  @Override
  public final boolean hasMemoryAddress() {
    return true;
  }

  @Override
  public final long memoryAddress() {
    ensureAccessible();
    return address;
  }

  @Override
  public final int nioBufferCount() {
    return 1;
  }

  @Override
  public final ByteBuffer[] nioBuffers(int index, int length) {
    return new ByteBuffer[] {nioBuffer(index, length)};
  }
}
