package org.ouroboros.collector;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A dump that could not be written. Nothing of it was left; a file that was there still is. */
public final class HeapDumpException extends HeapException {

  private static final long serialVersionUID = 1L;

  /** Where the dump was to be. */
  private final String file;

  /**
   * Makes one.
   *
   * @param heap the heap's name
   * @param path where the dump was to be
   * @param why the rest of a sentence
   * @param cause what the file system said, or null
   */
  public HeapDumpException(String heap, Path path, String why, @Nullable Throwable cause) {
    super(heap + ": no dump could be written to " + path + ": " + why, cause);
    this.file = path.toString();
  }

  /**
   * Where the dump was to be.
   *
   * @return the path as it was given
   */
  public String file() {
    return file;
  }
}
