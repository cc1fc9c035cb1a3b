package org.ouroboros.allocator.source;

import java.lang.foreign.MemorySegment;

/**
 * A piece of address space of a {@link MemorySource}. Its address and size never change.
 *
 * <p>Memory that has been committed stays readable and writable until the reservation is released,
 * through purging too; so no address that was once valid can fault before that. Touching what was
 * never committed may end the process.
 *
 * <p>Thread rule: every method may be called from any thread, on different ranges at the same time.
 * Offsets are from the beginning of the reservation; offsets and sizes are multiples of the
 * source's granularity and lie inside the reservation, or {@link IllegalArgumentException} is
 * thrown.
 */
public interface Reservation {

  /**
   * Where it begins.
   *
   * @return the address, a multiple of the alignment that was asked for
   */
  long address();

  /**
   * How large it is.
   *
   * @return bytes
   */
  long size();

  /**
   * The whole reservation as a segment, whose scope ends no earlier than {@link #release()}.
   *
   * @return the same segment at every call
   */
  MemorySegment segment();

  /**
   * Puts memory behind a range. A fresh range reads as zero. What was committed before keeps its
   * content.
   *
   * @param offset where the range begins
   * @param bytes how long it is
   * @throws SourceException if there is not that much memory; nothing has changed then
   */
  void commit(long offset, long bytes);

  /**
   * Gives the memory behind a committed range back to the operating system and keeps the range
   * usable: it reads as zero afterwards, and takes memory again where it is touched. Does nothing
   * where {@link MemorySource#purges()} is false: the content stays then.
   *
   * @param offset where the range begins
   * @param bytes how long it is
   * @throws SourceException if the operating system refuses
   */
  void purge(long offset, long bytes);

  /**
   * Tells the operating system that a range is best served by huge pages. A hint: sources that
   * cannot pass it on do nothing.
   *
   * @param offset where the range begins
   * @param bytes how long it is
   */
  void adviseHugePages(long offset, long bytes);

  /**
   * Keeps the memory behind a committed range in memory until the release: it is backed now, and
   * never swapped out. A locked range cannot be purged.
   *
   * @param offset where the range begins
   * @param bytes how long it is
   * @throws SourceException if the operating system refuses, or the source cannot do it, as is the
   *     default
   */
  default void lock(long offset, long bytes) {
    throw new SourceException(
        getClass().getSimpleName(),
        "lock of " + bytes + " bytes",
        SourceException.NO_ERRNO,
        "this source cannot lock memory; use " + MmapSource.NAME + ", or do not ask for it",
        null);
  }

  /**
   * Gives the address space back. Addresses in it must not be used any more. Releasing twice does
   * nothing.
   */
  void release();
}
