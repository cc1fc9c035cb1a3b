package org.ouroboros.collector;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.collector.collections.RefList;
import org.ouroboros.collector.collections.StringRefMap;
import org.ouroboros.collector.typed.Fields;

/**
 * The README's examples, word for word: what is between two {@code README} comments, here and in
 * the allocator's test of this name, is all the Java that it shows.
 */
class ReadmeTest {

  private static final int ANY_LINE = Pattern.DOTALL | Pattern.MULTILINE;

  // README types
  static final ObjectType NODE =
      ObjectType.builder("node").references("next", "other").field("key", JAVA_LONG).build();

  static final int NEXT = NODE.slot("next");
  static final long KEY = NODE.offset("key");

  static final ObjectType POINT = // from a layout: the segment of an object fits its var handles
      ObjectType.of(
          "point",
          MemoryLayout.structLayout(
              JAVA_LONG.withName("x"),
              JAVA_INT.withName("y"),
              ObjectType.REFERENCE.withName("of")));

  static final ObjectType NODES = ObjectType.referenceArray("nodes");

  // README end

  @Test
  void aCycle() {
    // README cycle
    try (Heap heap = Heap.ofConfined()) {
      long a = heap.allocate(NODE); // owned by us, once
      long b = heap.allocate(NODE);
      heap.setLong(a, KEY, 42);
      heap.setRef(a, NEXT, b); // counted
      heap.setRef(b, NEXT, a);

      WeakHandle weak = heap.weakHandle(a, (h, ref) -> System.out.println("gone"));
      heap.release(a); // they hold each other: counting frees neither
      heap.release(b);
      System.out.println(heap.getLong(weak.get(), KEY)); // 42
      System.out.println(heap.collector().collect()); // gone, 2
      System.out.println(weak.get() == Heap.NULL); // true
      weak.close();
    }
    // README end
  }

  @Test
  void aFile(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("log");
    // README finalizer
    List<FileChannel> files = new ArrayList<>(); // an object names its file by its place in here
    ObjectType log =
        ObjectType.builder("log")
            .references("previous")
            .field("file", JAVA_INT)
            .finalizer((h, ref) -> files.get(h.getInt(ref, h.typeOf(ref).offset("file"))).close())
            .build();
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    files.add(file);

    try (Heap heap = Heap.ofConfined()) {
      long object = heap.allocate(log);
      heap.setInt(object, log.offset("file"), 0);
      heap.setRef(object, log.slot("previous"), object); // a cycle
      heap.release(object);
      System.out.println(file.isOpen()); // true
      heap.collector().collect();
      System.out.println(file.isOpen()); // false
    }
    // README end
    assertThat(file.isOpen()).isFalse();
    assertThat(Files.exists(path)).isTrue();
  }

  @Test
  void aLayout() {
    StructLayout layout =
        MemoryLayout.structLayout(
            JAVA_LONG.withName("x"), JAVA_INT.withName("y"), ObjectType.REFERENCE.withName("of"));
    var y = layout.varHandle(MemoryLayout.PathElement.groupElement("y"));
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      long point = scope.own(heap.allocate(POINT));
      y.set(heap.segment(point), 0L, 7);
      assertThat(heap.getInt(point, POINT.offset("y"))).isEqualTo(7);
      long array = scope.own(heap.allocate(NODES, 3));
      heap.setElement(array, 2, point);
      heap.setRef(point, POINT.slot("of"), array);
      assertThat(heap.collector().referents(array)).containsExactly(point);
      Spaces.verify(heap);
    }
  }

  // README accessors
  static final Fields.RefField NEXT_OF = NODE.refField("next");
  static final Fields.LongField KEY_OF = NODE.longField("key");

  static long sumOfKeys(Heap heap, long list) {
    long sum = 0;
    for (long node = list; node != Heap.NULL; node = NEXT_OF.get(heap, node)) {
      sum += KEY_OF.get(heap, node);
    }
    return sum;
  }

  // README end

  @Test
  void accessors() {
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      long a = scope.own(heap.allocate(NODE));
      long b = scope.own(heap.allocate(NODE));
      NEXT_OF.set(heap, a, b);
      KEY_OF.set(heap, a, 3);
      KEY_OF.add(heap, b, 4);
      assertThat(sumOfKeys(heap, a)).isEqualTo(7);
    }
  }

  @Test
  void collections() {
    long size;
    // README collections
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      StringRefMap maps = new StringRefMap(heap); // the face of all such maps of this heap
      RefList lists = new RefList(heap);
      long index = scope.own(maps.allocate());
      for (String word : "a rose is a rose".split(" ", -1)) {
        long places = maps.get(index, word);
        if (places == Heap.NULL) {
          maps.putMoved(index, word, lists.allocate());
          places = maps.get(index, word);
        }
        lists.add(places, index); // a cycle, which costs nothing until it is garbage
      }
      size = lists.size(maps.get(index, "rose"));
      System.out.println(size); // 2
    }
    // README end
    assertThat(size).isEqualTo(2);
  }

  @Test
  void theReadmeShowsThis() throws IOException {
    Path tests = Path.of("src/test/java/org/ouroboros");
    Path own = tests.resolve("collector/ReadmeTest.java");
    Path allocators =
        Path.of("../allocator").resolve(tests).resolve("allocator/docs/ReadmeTest.java");
    Pattern marked =
        Pattern.compile("^ *// README \\w+\n(.*?)\n *// README end$", ANY_LINE);
    List<String> run = new ArrayList<>(blocks(own, marked));
    run.addAll(blocks(allocators, marked));
    List<String> shown =
        blocks(Path.of("../README.md"), Pattern.compile("^```java\n(.*?)\n```$", ANY_LINE));
    assertThat(shown).hasSize(7).containsExactlyInAnyOrderElementsOf(run);
  }

  private static List<String> blocks(Path file, Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(file)).results()
        .map(found -> found.group(1).stripTrailing().stripIndent().strip())
        .toList();
  }
}
