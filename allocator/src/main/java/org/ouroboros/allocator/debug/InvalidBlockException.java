package org.ouroboros.allocator.debug;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.InvalidFreeException;

/**
 * An {@link InvalidFreeException} that tells which block is meant: of a double free the one that
 * was freed before, of an address inside a block that block, of a wrong domain the live block.
 */
public final class InvalidBlockException extends InvalidFreeException {

  private static final long serialVersionUID = 1L;

  /** Null if no block is near. */
  private final transient @Nullable BlockReport block;

  InvalidBlockException(String allocator, long address, Kind kind, @Nullable BlockReport block) {
    super(allocator, address, kind, block == null ? "" : "\n" + block);
    this.block = block;
  }

  /**
   * The block that is meant.
   *
   * @return what is known of it; empty if the address is in no block, and in none that was freed
   *     lately
   */
  public Optional<BlockReport> block() {
    return Optional.ofNullable(block);
  }
}
