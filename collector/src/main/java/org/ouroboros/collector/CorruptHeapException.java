package org.ouroboros.collector;

/**
 * The heap found headers or references that cannot be: the program has used a reference that was
 * stale or never given out, which {@link HeapMode#NORMAL} does not detect, and has so written into
 * another object.
 *
 * <p>The one failure that may have left something half done. The heap stays safe to use, and to
 * close, but what it holds is not what was stored. Run the program with {@link HeapMode#CHECKED},
 * which throws {@link InvalidReferenceException} at the first use of such a reference.
 */
public final class CorruptHeapException extends HeapException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param heap the heap's name
   * @param during what the heap was doing, as a noun
   * @param cause what was run into
   */
  public CorruptHeapException(String heap, String during, RuntimeException cause) {
    super(
        heap
            + ": objects were found overwritten during "
            + during
            + ": a stale or forged reference was used before; run with HeapMode.CHECKED to find"
            + " where",
        cause);
  }
}
