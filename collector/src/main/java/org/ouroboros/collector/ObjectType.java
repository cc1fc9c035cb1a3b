package org.ouroboros.collector;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.typed.Accessors;

/**
 * What the objects of one kind look like, and what happens when they die.
 *
 * <pre>{@code
 * static final ObjectType NODE =
 *     ObjectType.builder("node").references("next", "previous").field("key", JAVA_LONG).build();
 * static final int NEXT = NODE.slot("next");
 * static final long KEY = NODE.offset("key");
 * }</pre>
 *
 * <p>An object begins with its header; then come, for types with a tail, its length; then the body:
 *
 * <pre>
 *   0        8                                  bodyOffset            tailOffset
 *   | header | length (4) | byte length (4) | pad | references, fields | tail ...
 *              if a tail     if bytes follow
 * </pre>
 *
 * <p>The builder puts references before fields, in the order they were declared, so that their
 * slots are 0, 1, 2 and so on where the type has no tail. A type made {@linkplain #of from a
 * layout} keeps the layout's offsets.
 *
 * <p>A type is <i>tracked</i>, so that the collector looks at its objects, if they could take part
 * in a cycle: if it has a reference that may name an object of a tracked type, and was not declared
 * {@link Builder#acyclic}.
 *
 * <p>Immutable; may be used by any thread and any number of heaps. At most 4,194,303 types can be
 * made in the life of a program, so they belong into constants.
 */
public final class ObjectType implements Accessors {

  /** The bytes of an object before its body. */
  public static final long HEADER_BYTES = 8;

  /** A reference slot of a {@link StructLayout}, to be given a name with {@code withName}. */
  public static final StructLayout REFERENCE =
      MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("id"));

  /** The largest alignment of an object, in bytes. */
  public static final long MAX_ALIGNMENT = 4096;

  /** The most elements, or references, a tail can have. */
  public static final int MAX_LENGTH = Integer.MAX_VALUE - (1 << 20);

  /** What follows the fixed part of an object. */
  public enum Tail {
    /** Nothing. */
    NONE,
    /** References. */
    REFERENCES,
    /** Elements of a primitive type. */
    ELEMENTS,
    /** References, then bytes. */
    REFERENCES_AND_BYTES
  }

  /** When finalizers run. */
  public enum FinalizerKind {
    /** Once in an object's life, before its weak references are cleared. */
    ONCE,
    /** At every death; for types that are not tracked. */
    EVERY_DEATH,
    /**
     * At every death by counting, after the object's weak references are cleared. In a cycle the
     * object is not freed, but put into the garbage list: Python's legacy {@code tp_del}.
     */
    LEGACY
  }

  private static final int MAX_ID = (1 << 22) - 1;

  private static final AtomicInteger NEXT_ID = new AtomicInteger(1);

  /** The type of weak references: tracked, although they have no edges. */
  public static final ObjectType WEAK_REFERENCE =
      new Builder("weak reference")
          .field("target", ValueLayout.JAVA_INT)
          .field("older", ValueLayout.JAVA_INT)
          .field("newer", ValueLayout.JAVA_INT)
          .field("state", ValueLayout.JAVA_INT)
          .alwaysTracked()
          .build();

  private final int id;
  private final String name;
  private final TypeShape shape;
  private final boolean tracked;
  private final boolean opaque;
  private final @Nullable Finalizer finalizer;
  private final FinalizerKind finalizerKind;
  private final @Nullable CustomReferences customReferences;

  ObjectType(Builder builder) {
    this.id = NEXT_ID.getAndUpdate(n -> Math.min(n + 1, MAX_ID + 1));
    if (id > MAX_ID) {
      throw new IllegalStateException(
          builder.name + ": more than " + MAX_ID + " types: keep types in constants");
    }
    this.name = builder.name;
    this.shape = builder.shape();
    this.opaque = builder.opaque;
    this.finalizer = builder.finalizer;
    this.finalizerKind = builder.finalizerKind;
    this.customReferences = builder.customReferences;
    this.tracked =
        builder.alwaysTracked
            || !builder.acyclic
                && !opaque
                && (customReferences != null || shape.mayReferToTracked());
    if (tracked && finalizer != null && finalizerKind == FinalizerKind.EVERY_DEATH) {
      throw new IllegalArgumentException(
          name + ": only types that are not tracked can have a finalizer for every death");
    }
  }

  /**
   * Starts a type.
   *
   * @param name for messages and reports; need not be unique
   * @return a builder of a type without any fields
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /**
   * A type with the fields of a layout. Members that are {@link #REFERENCE}, or sequences of it, in
   * whatever depth, are its reference slots.
   *
   * @param name for messages
   * @param layout of the body
   * @return the type
   */
  public static ObjectType of(String name, StructLayout layout) {
    return builder(name).layout(layout).build();
  }

  /**
   * A type of arrays of references.
   *
   * @param name for messages
   * @return the type
   */
  public static ObjectType referenceArray(String name) {
    return builder(name).referenceTail().build();
  }

  /**
   * A type of arrays of primitive elements.
   *
   * @param name for messages
   * @param element what they are
   * @return the type
   */
  public static ObjectType array(String name, ValueLayout element) {
    return builder(name).tail(element).build();
  }

  // ------------------------------------------------------------------------ places

  /**
   * The slot of a reference.
   *
   * @param reference its name; members of nested layouts are named with dots, elements of sequences
   *     with brackets: {@code a.b[3]}
   * @return its slot
   * @throws IllegalArgumentException if there is none of that name
   */
  public int slot(String reference) {
    return shape.slot(name, reference);
  }

  /**
   * The slot of a reference of the fixed part.
   *
   * @param index in the order they lie in the object
   * @return its slot
   * @throws IndexOutOfBoundsException if there is none
   */
  public int slot(int index) {
    return (int) (shape.slotOffset(index) - HEADER_BYTES >>> 2);
  }

  /**
   * How many references the fixed part has.
   *
   * @return 0 or more
   */
  public int slotCount() {
    return shape.slotCount();
  }

  /**
   * Where a field lies.
   *
   * @param field its name; see {@link #slot(String)} for nested ones
   * @return its offset in the object, in bytes
   * @throws IllegalArgumentException if there is none of that name
   */
  public long offset(String field) {
    return shape.field(name, field).offset();
  }

  /**
   * What a field is.
   *
   * @param field its name; see {@link #slot(String)} for nested ones
   * @return a value, or a sequence
   * @throws IllegalArgumentException if there is none of that name
   */
  public MemoryLayout layout(String field) {
    return shape.field(name, field).layout();
  }

  /**
   * What the elements of the tail are.
   *
   * @return null if there is no tail of primitive elements
   */
  public @Nullable ValueLayout elementLayout() {
    return shape.element();
  }

  /**
   * Where the body begins: the difference between offsets in the object and in {@link
   * Heap#segment}.
   *
   * @return bytes
   */
  public long bodyOffset() {
    return shape.bodyOffset();
  }

  /**
   * Where an element of the tail lies; or, after references, a byte of it.
   *
   * @param index from 0; not checked
   * @return its offset in the object, in bytes
   */
  public long tailOffset(long index) {
    return shape.tailOffset() + index * shape.elementBytes();
  }

  /**
   * What follows the fixed part.
   *
   * @return the kind of tail
   */
  public Tail tail() {
    return shape.tail();
  }

  /**
   * How large an element of the tail is.
   *
   * @return bytes; 0 if there is no tail
   */
  public int elementBytes() {
    return shape.elementBytes();
  }

  /**
   * The bytes of an object without its tail.
   *
   * @return header and fixed part
   */
  public long fixedBytes() {
    return shape.fixedBytes();
  }

  /**
   * What objects are aligned to.
   *
   * @return bytes, a power of two, at least 16
   */
  public long alignment() {
    return shape.objectAlignment();
  }

  // ------------------------------------------------------------------------ traits

  /**
   * The name.
   *
   * @return as it was given
   */
  public String name() {
    return name;
  }

  /**
   * What heaps know the type by.
   *
   * @return a number that no other type has, 1 to 4,194,303
   */
  public int id() {
    return id;
  }

  /**
   * Whether the collector looks at objects of this type.
   *
   * @return true if they could take part in a cycle
   */
  public boolean isTracked() {
    return tracked;
  }

  /**
   * Whether the collector cannot follow the references of this type.
   *
   * @return see {@link Builder#opaque}
   */
  public boolean isOpaque() {
    return opaque;
  }

  /**
   * What runs when an object is about to die.
   *
   * @return null if nothing
   */
  public @Nullable Finalizer finalizer() {
    return finalizer;
  }

  /**
   * When the finalizer runs.
   *
   * @return its kind
   */
  public FinalizerKind finalizerKind() {
    return finalizerKind;
  }

  /**
   * The references outside the slots.
   *
   * @return null if there are none
   */
  public @Nullable CustomReferences customReferences() {
    return customReferences;
  }

  /**
   * The type that a reference was declared to have.
   *
   * @param slot a reference slot
   * @return null if any type will do
   */
  public @Nullable ObjectType declaredTarget(int slot) {
    return shape.declaredTarget(slot);
  }

  @Override
  public String toString() {
    return name + " (" + shape + (tracked ? ")" : ", untracked)");
  }

  /** Collects what a type has. A builder makes one type. */
  public static final class Builder {

    final String name;
    final ShapeBuilder parts = new ShapeBuilder();
    boolean acyclic;
    boolean opaque;
    boolean alwaysTracked;
    @Nullable Finalizer finalizer;
    FinalizerKind finalizerKind = FinalizerKind.ONCE;
    @Nullable CustomReferences customReferences;

    Builder(String name) {
      this.name = name;
    }

    TypeShape shape() {
      return parts.build(name);
    }

    /** For weak references: the scenarios of CPython count them. */
    Builder alwaysTracked() {
      alwaysTracked = true;
      return this;
    }

    /**
     * Adds references that may name objects of any type.
     *
     * @param names of each
     * @return this
     */
    public Builder references(String... names) {
      for (String reference : names) {
        parts.addReference(reference, null);
      }
      return this;
    }

    /**
     * Adds references without names, which {@link #slot(int)} finds.
     *
     * @param count how many
     * @return this
     */
    public Builder references(int count) {
      for (int i = 0; i < count; i++) {
        parts.addReference("[" + parts.referenceCount() + "]", null);
      }
      return this;
    }

    /**
     * Adds a reference that only names objects of one type. If all of a type's references are to
     * types that are not tracked, it is not tracked either. Checked mode sees to it.
     *
     * @param reference its name
     * @param target the type of what it names
     * @return this
     */
    public Builder reference(String reference, ObjectType target) {
      parts.addReference(reference, target);
      return this;
    }

    /**
     * Adds a field.
     *
     * @param field its name
     * @param layout what it is; it is aligned as the layout says
     * @return this
     */
    public Builder field(String field, ValueLayout layout) {
      parts.addField(field, layout);
      return this;
    }

    /**
     * Takes the fixed part from a layout, instead of single references and fields.
     *
     * @param layout of the body, see {@link ObjectType#of}
     * @return this
     */
    public Builder layout(StructLayout layout) {
      parts.setLayout(layout);
      return this;
    }

    /**
     * Ends the objects in references, as many as each is allocated with.
     *
     * @return this
     */
    public Builder referenceTail() {
      parts.setTail(Tail.REFERENCES, null);
      return this;
    }

    /**
     * Ends the objects in primitive elements, as many as each is allocated with.
     *
     * @param element what they are
     * @return this
     */
    public Builder tail(ValueLayout element) {
      parts.setTail(Tail.ELEMENTS, element);
      return this;
    }

    /**
     * Ends the objects in references and then bytes, as many of each as each is allocated with.
     *
     * @return this
     */
    public Builder referencesAndBytes() {
      parts.setTail(Tail.REFERENCES_AND_BYTES, null);
      return this;
    }

    /**
     * Aligns the objects more strictly than 16 bytes.
     *
     * @param bytes a power of two up to {@value #MAX_ALIGNMENT}
     * @return this
     */
    public Builder alignment(long bytes) {
      parts.setAlignment(bytes);
      return this;
    }

    /**
     * Declares that the objects cannot take part in a cycle, although they have references: the
     * collector does not look for garbage among them, only through them. If it is not true, such
     * cycles are never freed.
     *
     * @return this
     */
    public Builder acyclic() {
      acyclic = true;
      return this;
    }

    /**
     * Declares that the collector is not to follow the objects' references: what their slots name
     * counts as held by Java code, so that a cycle through them is a leak. The objects are not
     * tracked.
     *
     * @return this
     */
    public Builder opaque() {
      opaque = true;
      return this;
    }

    /**
     * Sets what runs once in each object's life when it is about to die.
     *
     * @param finalizer see there
     * @return this
     */
    public Builder finalizer(Finalizer finalizer) {
      return finalizer(finalizer, FinalizerKind.ONCE);
    }

    /**
     * Sets what runs when an object is about to die, and how often.
     *
     * @param finalizer see there
     * @param kind when it runs
     * @return this
     */
    public Builder finalizer(Finalizer finalizer, FinalizerKind kind) {
      this.finalizer = finalizer;
      this.finalizerKind = kind;
      return this;
    }

    /**
     * Sets how references are found that the objects keep outside their slots.
     *
     * @param references see there
     * @return this
     */
    public Builder customReferences(CustomReferences references) {
      this.customReferences = references;
      return this;
    }

    /**
     * Makes the type.
     *
     * @return a new type
     * @throws IllegalArgumentException if the parts do not fit together
     */
    public ObjectType build() {
      return new ObjectType(this);
    }
  }

  /**
   * The names of the references of the fixed part, for {@link #slot(String)}.
   *
   * @return in the order they lie in the object
   */
  public List<String> referenceNames() {
    return shape.referenceNames();
  }

  /**
   * The names of the fields, for {@link #offset} and {@link #layout}. A sequence is a field, and so
   * are the single fields in it if it has structures.
   *
   * @return in the order they lie in the object
   */
  public List<String> fieldNames() {
    return shape.fieldNames();
  }

  /**
   * The offsets of the references of the fixed part, in bytes.
   *
   * @return in the order they lie in the object
   */
  public List<Long> slotOffsets() {
    return shape.slotOffsets();
  }
}
