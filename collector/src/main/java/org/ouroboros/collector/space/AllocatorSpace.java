package org.ouroboros.collector.space;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import org.ouroboros.allocator.Allocator;

/**
 * Objects in blocks of any allocator: the id is an index into a table of their addresses.
 *
 * <p>An entry of the table is the address of a live object, or, of an id that is free, {@code -1 -
 * next} with the next free id, so that freeing needs no memory; ids that were freed last are used
 * first. Id 0 is never given out.
 *
 * <p>{@link #memory} is all of the address space, so ids and offsets must be checked before it is
 * touched; a free id leads to a place without an object.
 */
public final class AllocatorSpace extends ObjectSpace {

  private final Allocator allocator;
  private final Faults faults;
  private final Consumer<RuntimeException> failures;

  /** Where ids without an object lead: a header of zeros, which is nobody's. */
  private final MemorySegment nobody = Arena.ofAuto().allocate(4096, 16);

  private long[][] addresses = new long[16][];
  private int end = 1;
  private int firstFree;

  /**
   * Makes a space.
   *
   * @param allocator where the objects are taken from; the space closes it
   * @param failures receives what the allocator throws instead of freeing a block
   */
  @SuppressWarnings("restricted") // the addresses are those of live blocks, see offset
  public AllocatorSpace(
      Allocator allocator, boolean versioned, Faults faults, Consumer<RuntimeException> failures) {
    super(versioned, false, faults);
    this.allocator = allocator;
    this.faults = faults;
    this.failures = failures;
    if (!AllocatorSpace.class.getModule().isNativeAccessEnabled()) {
      allocator.close();
      throw new IllegalStateException(
          "objects on an allocator need native access"
              + " (--enable-native-access=org.ouroboros.collector); the paged space does not");
    }
    this.memory = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  @Override
  public long offset(int id) {
    int chunk = id >>> SidePage.SHIFT;
    if (chunk >= addresses.length || addresses[chunk] == null) {
      return nobody.address();
    }
    long address = addresses[chunk][id & SidePage.IDS - 1];
    return address > 0 ? address : nobody.address();
  }

  @Override
  public long base() {
    return 0;
  }

  @Override
  public long limit() {
    return end;
  }

  @Override
  public boolean isPaged() {
    return false;
  }

  @Override
  int take(long bytes, long alignment) {
    int id = firstFree != 0 ? firstFree : reserveId();
    long address;
    if (alignment <= Allocator.MIN_ALIGNMENT) {
      address = allocator.calloc(1, bytes);
    } else {
      address = allocator.alignedAlloc(alignment, bytes);
      memory.asSlice(address, bytes).fill((byte) 0);
    }
    if (id == end) {
      end++;
    } else {
      firstFree = (int) (-1 - entry(id));
    }
    setEntry(id, address);
    return id;
  }

  /** The next id that was never used, with room for its address. */
  private int reserveId() {
    int id = end;
    int chunk = id >>> SidePage.SHIFT;
    if (chunk == addresses.length || addresses[chunk] == null) {
      faults.request("the table of addresses", 8L * SidePage.IDS);
      try {
        if (chunk == addresses.length) {
          addresses = Arrays.copyOf(addresses, chunk * 2);
        }
        addresses[chunk] = new long[SidePage.IDS];
      } catch (OutOfMemoryError e) {
        throw Faults.javaHeap("the table of addresses", e);
      }
    }
    return id;
  }

  private long entry(int id) {
    return addresses[id >>> SidePage.SHIFT][id & SidePage.IDS - 1];
  }

  private void setEntry(int id, long entry) {
    addresses[id >>> SidePage.SHIFT][id & SidePage.IDS - 1] = entry;
  }

  @Override
  public void free(int id) {
    long address = entry(id);
    setEntry(id, -1L - firstFree);
    firstFree = id;
    giveBack(address);
  }

  @Override
  public long freeTrash(SidePage page) {
    throw new UnsupportedOperationException("blocks of an allocator are freed one by one");
  }

  /** Whatever the allocator throws: an object is being taken apart, and nobody can do about it. */
  private void giveBack(long address) {
    try {
      allocator.free(address);
    } catch (RuntimeException e) {
      failures.accept(e);
    }
  }

  @Override
  @SuppressWarnings("restricted") // the same memory under a narrower scope
  public MemorySegment segment(long offset, long bytes, Arena arena) {
    return MemorySegment.ofAddress(offset).reinterpret(bytes, arena, null);
  }

  @Override
  public long blockBytes(long bytes, long alignment) {
    return bytes + 15 & -16;
  }

  @Override
  public long committedBytes() {
    return allocator.stats().committedBytes();
  }

  @Override
  public long metadataBytes() {
    return 16L + 4L * addresses.length + (long) end * Long.BYTES;
  }

  @Override
  public String name() {
    return "allocator " + allocator.name();
  }

  @Override
  public Allocator allocator() {
    return allocator;
  }

  @Override
  public void close() {
    memory = MemorySegment.NULL;
    for (int id = 1; id < end; id++) {
      long address = entry(id);
      if (address > 0) {
        setEntry(id, -1);
        giveBack(address);
      }
    }
    allocator.close();
  }
}
