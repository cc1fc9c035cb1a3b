package org.ouroboros.collector.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.Spaces;

/** Strings and byte arrays against Java's. */
class StringsPropertyTest {

  @Provide
  Arbitrary<Heaps> heaps() {
    return Heaps.any();
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMaxLength(40), // halves of pairs too
        Arbitraries.strings().ascii().ofMaxLength(200),
        Arbitraries.strings().withChars("ab\u00e9\uD83D\uDC0D").ofMaxLength(12));
  }

  @Property(tries = 500)
  void stringsAreWhatJavaEncodes(
      @ForAll("heaps") Heaps heaps, @ForAll("texts") String one, @ForAll("texts") String other) {
    try (Heap heap = Heap.ofConfined(heaps.options())) {
      Strings strings = new Strings(heap);
      byte[] bytes = one.getBytes(StandardCharsets.UTF_8);
      byte[] otherBytes = other.getBytes(StandardCharsets.UTF_8);
      // unpaired surrogates all have the same bytes, but hashes of their own
      boolean same = one.equals(other);
      long a = strings.allocate(one);
      long b = strings.allocate(other);
      long copy = strings.allocate(CharBuffer.wrap(one));
      assertThat(strings.length(a)).isEqualTo(bytes.length);
      assertThat(strings.toString(a)).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
      for (int i = 0; i < bytes.length; i++) {
        assertThat(strings.byteAt(a, i)).isEqualTo(bytes[i]);
      }
      assertThat(strings.equals(a, b)).isEqualTo(same);
      assertThat(strings.equals(a, copy)).isTrue();
      assertThat(strings.hash(a)).isEqualTo(strings.hash(copy));
      assertThat(strings.hash(a)).isEqualTo(one.hashCode());
      assertThat(strings.contentEquals(a, one)).isTrue();
      assertThat(strings.contentEquals(a, other)).isEqualTo(same);
      assertThat(Integer.signum(strings.compare(a, b)))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(bytes, otherBytes)));
      assertThatThrownBy(() -> strings.byteAt(a, bytes.length))
          .isInstanceOf(IndexOutOfBoundsException.class);
      heap.release(a);
      heap.release(b);
      heap.release(copy);
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Property(tries = 300)
  void byteArraysKeepWhatIsCopied(
      @ForAll("heaps") Heaps heaps, @ForAll byte[] content, @ForAll byte[] other) {
    try (Heap heap = Heap.ofConfined(heaps.options())) {
      Bytes bytes = new Bytes(heap);
      long a = bytes.allocate(content);
      long b = bytes.allocate(other);
      assertThat(bytes.toArray(a)).isEqualTo(content);
      assertThat(bytes.equals(a, b)).isEqualTo(Arrays.equals(content, other));
      assertThat(Integer.signum(bytes.compare(a, b)))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(content, other)));
      int count = Math.min(content.length, other.length) / 2;
      bytes.write(a, content.length - count, other, other.length - count, count);
      System.arraycopy(other, other.length - count, content, content.length - count, count);
      byte[] read = new byte[content.length + 1];
      bytes.read(a, 0, read, 1, content.length);
      assertThat(Arrays.copyOfRange(read, 1, read.length)).isEqualTo(content);
      for (int i = 0; i < content.length; i++) {
        assertThat(bytes.get(a, i)).isEqualTo(content[i]);
        bytes.set(a, i, (byte) i);
        assertThat(bytes.get(a, i)).isEqualTo((byte) i);
      }
      assertThatThrownBy(() -> bytes.get(a, content.length))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> bytes.write(a, 0, other, 0, -1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> bytes.read(a, 1, read, 0, content.length))
          .isInstanceOf(IndexOutOfBoundsException.class);
      heap.release(a);
      heap.release(b);
      Spaces.verify(heap);
    }
  }

  @Example
  void whatIsNoStringIsRefused() {
    try (Heap heap = Heap.ofConfined()) {
      Strings strings = new Strings(heap);
      long bytes = new Bytes(heap).allocate(3);
      assertThatThrownBy(() -> strings.toString(bytes))
          .isInstanceOf(InvalidReferenceException.class)
          .hasMessageContaining("no string");
      assertThatThrownBy(() -> new Bytes(heap).get(strings.allocate("a"), 0))
          .isInstanceOf(InvalidReferenceException.class);
      assertThatThrownBy(() -> strings.length(Heap.NULL))
          .isInstanceOf(InvalidReferenceException.class);
    }
  }
}
