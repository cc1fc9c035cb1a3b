package org.ouroboros.collector;

/** A reference, slot or field that cannot be what the caller meant. Nothing has changed. */
public final class InvalidReferenceException extends HeapException {

  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Kind {
    /** The null reference, where an object is needed. */
    NULL,
    /** A reference of another heap, or no reference at all. */
    FOREIGN,
    /** The object is dead, or is being taken apart. */
    DEAD,
    /** The object is of another type than the operation, or the slot, takes. */
    WRONG_TYPE,
    /** The object has no such reference slot. */
    WRONG_SLOT,
    /** The object has no such field. */
    WRONG_FIELD,
    /** Nobody owns a reference to the object: it was released too often. */
    NOT_OWNED
  }

  /** What is wrong. */
  private final Kind kind;

  /** The reference. */
  private final long reference;

  /**
   * Makes one.
   *
   * @param heap the heap's name
   * @param reference the reference in question
   * @param kind what is wrong
   * @param detail what it is and what to do, as the rest of a sentence
   */
  public InvalidReferenceException(String heap, long reference, Kind kind, String detail) {
    super(heap + ": reference 0x" + Long.toHexString(reference) + ": " + detail, null);
    this.kind = kind;
    this.reference = reference;
  }

  /**
   * What is wrong.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The reference.
   *
   * @return as it was passed in
   */
  public long reference() {
    return reference;
  }
}
