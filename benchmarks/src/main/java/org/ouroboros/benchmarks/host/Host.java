package org.ouroboros.benchmarks.host;

import org.ouroboros.allocator.export.CExport;

/** A C library that lets its user replace {@code malloc}. */
interface Host {

  /** The library's own word for its version. */
  String version();

  /**
   * Makes the library allocate from an export, gives it work, checks the result, and has it give
   * back all that it took; also if it fails. Afterwards the library is as it was before.
   *
   * <p>Thread rule: any thread; libraries that have one allocator for all take turns.
   *
   * @param export of an allocator
   * @return what was done, and found to be right
   * @throws HostException if the library refuses, runs out of memory or miscalculates
   */
  String run(CExport export) throws HostException;
}
