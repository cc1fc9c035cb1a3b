package org.ouroboros.collector.typed;

import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.typed.Elements.BooleanElements;
import org.ouroboros.collector.typed.Elements.ByteElements;
import org.ouroboros.collector.typed.Elements.CharElements;
import org.ouroboros.collector.typed.Elements.DoubleElements;
import org.ouroboros.collector.typed.Elements.FloatElements;
import org.ouroboros.collector.typed.Elements.IntElements;
import org.ouroboros.collector.typed.Elements.LongElements;
import org.ouroboros.collector.typed.Elements.RefElements;
import org.ouroboros.collector.typed.Elements.ShortElements;
import org.ouroboros.collector.typed.Fields.BooleanField;
import org.ouroboros.collector.typed.Fields.ByteField;
import org.ouroboros.collector.typed.Fields.CharField;
import org.ouroboros.collector.typed.Fields.DoubleField;
import org.ouroboros.collector.typed.Fields.FloatField;
import org.ouroboros.collector.typed.Fields.IntField;
import org.ouroboros.collector.typed.Fields.LongField;
import org.ouroboros.collector.typed.Fields.RefField;
import org.ouroboros.collector.typed.Fields.ShortField;

/**
 * Makes accessors of a type's fields and elements; every {@link ObjectType} is one. To be called
 * once for each accessor, which belongs into a constant: see {@link Fields}.
 *
 * <p>Fields are found by their names, as {@link ObjectType#offset} and {@link
 * ObjectType#slot(String)} say. A field of another kind than is asked for, or of another byte order
 * than the machine's, is refused with {@link IllegalArgumentException}.
 */
public sealed interface Accessors permits ObjectType {

  /** The type itself. */
  private ObjectType self() {
    return (ObjectType) this;
  }

  /**
   * An accessor of a reference.
   *
   * @param reference its name
   * @return the accessor
   */
  default RefField refField(String reference) {
    return new RefField(self(), reference, self().slot(reference));
  }

  /**
   * An accessor of the references that the objects end in.
   *
   * @return the accessor
   */
  default RefElements refElements() {
    return new RefElements(self());
  }

  /**
   * An accessor of a {@code byte} field.
   *
   * @param field its name
   * @return the accessor
   */
  default ByteField byteField(String field) {
    return new ByteField(self(), field, self().offset(field));
  }

  /**
   * An accessor of the {@code byte}s that the objects end in.
   *
   * @return the accessor
   */
  default ByteElements byteElements() {
    return new ByteElements(self(), self().tailOffset(0));
  }

  /**
   * An accessor of a {@code boolean} field.
   *
   * @param field its name
   * @return the accessor
   */
  default BooleanField booleanField(String field) {
    return new BooleanField(self(), field, self().offset(field));
  }

  /**
   * An accessor of the {@code boolean}s that the objects end in.
   *
   * @return the accessor
   */
  default BooleanElements booleanElements() {
    return new BooleanElements(self(), self().tailOffset(0));
  }

  /**
   * An accessor of a {@code short} field.
   *
   * @param field its name
   * @return the accessor
   */
  default ShortField shortField(String field) {
    return new ShortField(self(), field, self().offset(field));
  }

  /**
   * An accessor of the {@code short}s that the objects end in.
   *
   * @return the accessor
   */
  default ShortElements shortElements() {
    return new ShortElements(self(), self().tailOffset(0));
  }

  /**
   * An accessor of a {@code char} field.
   *
   * @param field its name
   * @return the accessor
   */
  default CharField charField(String field) {
    return new CharField(self(), field, self().offset(field));
  }

  /**
   * An accessor of the {@code char}s that the objects end in.
   *
   * @return the accessor
   */
  default CharElements charElements() {
    return new CharElements(self(), self().tailOffset(0));
  }

  /**
   * An accessor of a {@code int} field.
   *
   * @param field its name
   * @return the accessor
   */
  default IntField intField(String field) {
    return new IntField(self(), field, self().offset(field));
  }

  /**
   * An accessor of the {@code int}s that the objects end in.
   *
   * @return the accessor
   */
  default IntElements intElements() {
    return new IntElements(self(), self().tailOffset(0));
  }

  /**
   * An accessor of a {@code long} field.
   *
   * @param field its name
   * @return the accessor
   */
  default LongField longField(String field) {
    return new LongField(self(), field, self().offset(field));
  }

  /**
   * An accessor of the {@code long}s that the objects end in.
   *
   * @return the accessor
   */
  default LongElements longElements() {
    return new LongElements(self(), self().tailOffset(0));
  }

  /**
   * An accessor of a {@code float} field.
   *
   * @param field its name
   * @return the accessor
   */
  default FloatField floatField(String field) {
    return new FloatField(self(), field, self().offset(field));
  }

  /**
   * An accessor of the {@code float}s that the objects end in.
   *
   * @return the accessor
   */
  default FloatElements floatElements() {
    return new FloatElements(self(), self().tailOffset(0));
  }

  /**
   * An accessor of a {@code double} field.
   *
   * @param field its name
   * @return the accessor
   */
  default DoubleField doubleField(String field) {
    return new DoubleField(self(), field, self().offset(field));
  }

  /**
   * An accessor of the {@code double}s that the objects end in.
   *
   * @return the accessor
   */
  default DoubleElements doubleElements() {
    return new DoubleElements(self(), self().tailOffset(0));
  }
}
