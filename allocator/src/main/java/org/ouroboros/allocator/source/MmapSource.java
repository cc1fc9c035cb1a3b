package org.ouroboros.allocator.source;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;
import org.ouroboros.allocator.foreign.NativeAccess;

/**
 * The operating system's virtual memory, through the Foreign Function &amp; Memory API: the source
 * that purges. It needs Linux and native access.
 *
 * <p>Reserving maps inaccessible pages that count for nothing, commit makes them readable and
 * writable, purge gives the memory behind them back without touching their protection. The kernel
 * backs pages one by one where they are touched, and zeroes them then; a commit succeeds without
 * that memory unless the system is set not to overcommit.
 *
 * <p>Segments of its reservations have the global scope: one that is used after the release reads
 * whatever is mapped there then, or ends the process.
 */
public final class MmapSource implements MemorySource {

  /** {@link #name()}. */
  public static final String NAME = "mmap";

  private MmapSource() {}

  /**
   * Whether {@link #create()} works here and now. Prints nothing.
   *
   * @return false without native access, or on another operating system
   */
  public static boolean isSupported() {
    return obstacle().isEmpty();
  }

  /**
   * Makes one. They are all alike.
   *
   * @return the source
   * @throws SourceException if it is not supported; the message says why, and the cure
   */
  public static MmapSource create() {
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      throw new SourceException(
          NAME,
          "opening",
          SourceException.NO_ERRNO,
          obstacle.get() + "; or use the mapped file",
          null);
    }
    return new MmapSource();
  }

  /**
   * Why {@link #create()} does not work here and now. Prints nothing.
   *
   * @return the reason and the cure, as the rest of a sentence; empty if it works
   */
  public static Optional<String> obstacle() {
    // Nothing loads VirtualMemory before this has passed.
    String system = System.getProperty("os.name", "?");
    if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
      return Optional.of("it is written for Linux, this is " + system);
    }
    if (!NativeAccess.isEnabled()) {
      return Optional.of(NativeAccess.CURE);
    }
    try {
      return VirtualMemory.PAGE_SIZE > 0
          ? Optional.empty()
          : Optional.of("the page size is not known");
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Optional.of("the C library cannot be called: " + cause);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long granularity() {
    return VirtualMemory.PAGE_SIZE;
  }

  @Override
  public boolean purges() {
    return true;
  }

  @Override
  public Reservation reserve(long bytes, long alignment) {
    AbstractReservation.checkRequest(bytes, alignment, granularity());
    long slack = alignment <= granularity() ? 0 : alignment - granularity();
    if (bytes > Long.MAX_VALUE - slack) {
      throw new SourceException(
          NAME,
          "reserving " + bytes + " bytes aligned to " + alignment,
          SourceException.NO_ERRNO,
          "there is not that much address space",
          null);
    }
    try {
      return new MmapReservation(reserveAligned(bytes, alignment, slack), bytes);
    } catch (VirtualMemory.Failure e) {
      throw failure("reserving " + bytes + " bytes aligned to " + alignment, e);
    }
  }

  /** Reserves more than is needed and gives back what lies before and behind the aligned part. */
  private static long reserveAligned(long bytes, long alignment, long slack)
      throws VirtualMemory.Failure {
    long begin = VirtualMemory.reserve(bytes + slack);
    long aligned = (begin + alignment - 1) & -alignment;
    trim(begin, aligned - begin);
    trim(aligned + bytes, begin + slack - aligned);
    return aligned;
  }

  private static void trim(long address, long bytes) {
    if (bytes > 0) {
      try {
        VirtualMemory.release(address, bytes);
      } catch (VirtualMemory.Failure e) {
        // Only possible at the limit of mappings: the slack stays reserved, which costs nothing.
      }
    }
  }

  private static SourceException failure(String operation, VirtualMemory.Failure e) {
    return new SourceException(
        NAME, operation, e.errno, NativeAccess.errorText(e.errno) + cure(e.errno), null);
  }

  private static String cure(int errno) {
    final int enomem = 12;
    return errno == enomem
        ? "; look at ulimit -v and -d, vm.overcommit_memory and vm.max_map_count"
        : "";
  }

  private static SourceException lockFailure(String operation, VirtualMemory.Failure e) {
    return new SourceException(
        NAME,
        operation,
        e.errno,
        NativeAccess.errorText(e.errno)
            + "; raise the limit of locked memory (ulimit -l, LimitMEMLOCK of systemd, --ulimit"
            + " memlock of Docker), give CAP_IPC_LOCK, or do not ask for locked memory",
        null);
  }

  /** Pages of the operating system. */
  private static final class MmapReservation extends AbstractReservation {

    @SuppressWarnings("restricted")
    MmapReservation(long address, long size) {
      super(MemorySegment.ofAddress(address).reinterpret(size), VirtualMemory.PAGE_SIZE);
    }

    @Override
    void doCommit(long offset, long bytes) {
      try {
        VirtualMemory.commit(address + offset, bytes);
      } catch (VirtualMemory.Failure e) {
        throw failure(describe("commit", offset, bytes), e);
      }
    }

    @Override
    void doPurge(long offset, long bytes) {
      try {
        VirtualMemory.purge(address + offset, bytes);
      } catch (VirtualMemory.Failure e) {
        throw failure(describe("purge", offset, bytes), e);
      }
    }

    @Override
    void doAdviseHugePages(long offset, long bytes) {
      try {
        VirtualMemory.adviseHugePages(address + offset, bytes);
      } catch (VirtualMemory.Failure e) {
        // A hint: kernels without huge pages refuse it.
      }
    }

    @Override
    void doLock(long offset, long bytes) {
      try {
        VirtualMemory.lock(address + offset, bytes);
      } catch (VirtualMemory.Failure e) {
        throw lockFailure(describe("lock", offset, bytes), e);
      }
    }

    @Override
    void doRelease() {
      try {
        VirtualMemory.release(address, size);
      } catch (VirtualMemory.Failure e) {
        throw failure(describe("release", 0, size), e);
      }
    }
  }
}
