package org.ouroboros.allocator;

/**
 * An address that was given to {@code free}, {@code realloc} or {@code usableSize} and is not a
 * live block of the allocator. The allocator has not changed: the call had no effect.
 */
public class InvalidFreeException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with the address. */
  public enum Kind {
    /** It does not lie in memory of this allocator, or in none that is handed out as blocks. */
    FOREIGN,
    /** It lies inside a page of blocks, but not where a block begins. */
    UNALIGNED,
    /** A block begins there, but it is not live: freed twice, or never handed out. */
    NOT_LIVE,
    /** It is a live block of another {@link Domain}. */
    WRONG_DOMAIN
  }

  /** What is wrong. */
  private final Kind kind;

  /** What was given. */
  private final long address;

  /**
   * Makes one.
   *
   * @param allocator the name of the allocator that found it
   * @param address the address that was given
   * @param kind what is wrong with it
   */
  public InvalidFreeException(String allocator, long address, Kind kind) {
    this(allocator, address, kind, "");
  }

  /**
   * For allocators that know more.
   *
   * @param allocator the name of the allocator that found it
   * @param address the address that was given
   * @param kind what is wrong with it
   * @param details what else is known, appended to the message
   */
  protected InvalidFreeException(String allocator, long address, Kind kind, String details) {
    super(allocator + ": 0x" + Long.toHexString(address) + " " + text(kind) + details, null);
    this.kind = kind;
    this.address = address;
  }

  /**
   * What is wrong with the address.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The address that was given.
   *
   * @return the address
   */
  public long address() {
    return address;
  }

  private static String text(Kind kind) {
    return switch (kind) {
      case FOREIGN -> "is not memory of this allocator: free it where it was allocated";
      case UNALIGNED -> "is not the beginning of a block: free the address that malloc returned";
      case NOT_LIVE -> "is not a live block: it was freed before, or never handed out";
      case WRONG_DOMAIN -> "is a block of another domain: free it where it was allocated";
    };
  }
}
