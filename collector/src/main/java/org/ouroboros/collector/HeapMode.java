package org.ouroboros.collector;

/**
 * How much misuse a heap detects.
 *
 * <p>In every mode null references, references of another heap, calls from another thread, use
 * after close and forbidden re-entrancy are refused, and no misuse ends the JVM.
 *
 * <p>What the modes cost, in nanoseconds on a two-core x86-64 VM in the paged space ({@code jmh
 * HeapModes} of the benchmarks; the machine is noisy, take the proportions). On an allocator's
 * space normal mode costs about what checked mode costs here.
 *
 * <pre>
 *                                        NORMAL   CHECKED   DEBUG
 *   retain and release                        7        22     800
 *   getRef                                    3        11      14
 *   setRef of another object                 12        50      50
 *   a field read and written                2.5        25      26
 *   allocate and release                     66        65    1100
 * </pre>
 */
public enum HeapMode {

  /**
   * Also detects retaining, releasing and storing a reference to an object that is dead and whose
   * place has not been taken by another. Otherwise a stale reference can show, or change, the
   * object that took its place.
   */
  NORMAL,

  /**
   * Detects also every use of a stale reference (until a place has been used 65,535 times), every
   * slot that is no reference slot of the object, every field outside it and every target of
   * another type than was declared.
   */
  CHECKED,

  /**
   * As {@link #CHECKED}, and keeps a ledger of owned references with the stack that took each, told
   * by the {@link CloseReport}; and does not use fresh garbage again at once.
   */
  DEBUG
}
