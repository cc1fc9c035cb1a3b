package org.ouroboros.benchmarks.host;

import static org.ouroboros.benchmarks.host.CLibrary.INT;
import static org.ouroboros.benchmarks.host.CLibrary.LONG;
import static org.ouroboros.benchmarks.host.CLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.benchmarks.host.HostException.Reason;

/**
 * Zstandard: a few megabytes there and back at two levels, with contexts of an allocator of their
 * own, which is given by value: {@code ZSTD_customMem}, 24 bytes: alloc, free, opaque.
 */
final class ZstdHost implements Host {

  private static final String LEAST = "1.4.0";

  private static final StructLayout CUSTOM_MEM =
      MemoryLayout.structLayout(POINTER, POINTER, POINTER);

  private static final int[] LEVELS = {1, 9};

  /** {@code ZSTD_error_memory_allocation}. */
  private static final long NO_MEMORY = 64;

  private final CLibrary library;
  private final String version;
  private final CCall createPacker;
  private final CCall createUnpacker;
  private final CCall freePacker;
  private final CCall freeUnpacker;
  private final CCall pack;
  private final CCall unpack;
  private final CCall bound;
  private final CCall isError;
  private final CCall errorCode;
  private final CCall errorName;

  ZstdHost(CLibrary library) throws HostException {
    this.library = library;
    this.version = CLibrary.text(library.function("ZSTD_versionString", POINTER).call());
    library.requireVersion(version, LEAST);
    this.createPacker = library.function("ZSTD_createCCtx_advanced", POINTER, CUSTOM_MEM);
    this.createUnpacker = library.function("ZSTD_createDCtx_advanced", POINTER, CUSTOM_MEM);
    this.freePacker = library.function("ZSTD_freeCCtx", LONG, POINTER);
    this.freeUnpacker = library.function("ZSTD_freeDCtx", LONG, POINTER);
    this.pack =
        library.function("ZSTD_compressCCtx", LONG, POINTER, POINTER, LONG, POINTER, LONG, INT);
    this.unpack =
        library.function("ZSTD_decompressDCtx", LONG, POINTER, POINTER, LONG, POINTER, LONG);
    this.bound = library.function("ZSTD_compressBound", LONG, LONG);
    this.isError = library.function("ZSTD_isError", INT, LONG);
    this.errorCode = library.function("ZSTD_getErrorCode", INT, LONG);
    this.errorName = library.function("ZSTD_getErrorName", POINTER, LONG);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public String run(CExport export) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(CUSTOM_MEM);
      memory.setAtIndex(POINTER, 0, export.function(CFunction.CONTEXT_MALLOC).address());
      memory.setAtIndex(POINTER, 1, export.function(CFunction.CONTEXT_FREE).address());
      long packer = context("ZSTD_createCCtx_advanced", createPacker, memory);
      try {
        long unpacker = context("ZSTD_createDCtx_advanced", createUnpacker, memory);
        try {
          return thereAndBack(arena, packer, unpacker);
        } finally {
          freeUnpacker.call(unpacker);
        }
      } finally {
        freePacker.call(packer);
      }
    }
  }

  private String thereAndBack(Arena arena, long packer, long unpacker) throws HostException {
    MemorySegment sample = Sample.of(arena);
    MemorySegment packed = arena.allocate(bound.call(Sample.BYTES));
    MemorySegment unpacked = arena.allocate(Sample.BYTES);
    StringBuilder done = new StringBuilder();
    for (int level : LEVELS) {
      long size =
          check(
              "ZSTD_compressCCtx",
              pack.call(
                  packer,
                  packed.address(),
                  packed.byteSize(),
                  sample.address(),
                  Sample.BYTES,
                  level));
      HostException.check("compressed to less than the whole", size < Sample.BYTES, true);
      unpacked.fill((byte) 0);
      long back =
          check(
              "ZSTD_decompressDCtx",
              unpack.call(unpacker, unpacked.address(), Sample.BYTES, packed.address(), size));
      HostException.check("uncompressed size", back, (long) Sample.BYTES);
      HostException.check("first difference", sample.mismatch(unpacked), -1L);
      done.append(done.isEmpty() ? "" : ", ");
      done.append(Sample.BYTES + " bytes to " + size + " and back at level " + level);
    }
    return done.toString();
  }

  private long context(String function, CCall create, MemorySegment memory) throws HostException {
    long context = create.call(memory);
    if (context == 0) {
      throw new HostException(Reason.NO_MEMORY, library + ": " + function + " returned null");
    }
    return context;
  }

  private long check(String function, long result) throws HostException {
    if (isError.call(result) != 0) {
      throw new HostException(
          errorCode.call(result) == NO_MEMORY ? Reason.NO_MEMORY : Reason.FAILED,
          library + ": " + function + ": " + CLibrary.text(errorName.call(result)));
    }
    return result;
  }
}
