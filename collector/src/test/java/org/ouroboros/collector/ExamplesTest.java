package org.ouroboros.collector;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.collections.Bytes;
import org.ouroboros.collector.collections.KeyHashing;
import org.ouroboros.collector.collections.LongList;
import org.ouroboros.collector.collections.LongLongMap;
import org.ouroboros.collector.collections.LongRefMap;
import org.ouroboros.collector.collections.LruCache;
import org.ouroboros.collector.collections.RefList;
import org.ouroboros.collector.collections.RefLongMap;
import org.ouroboros.collector.collections.RefRefMap;
import org.ouroboros.collector.collections.StringLongMap;
import org.ouroboros.collector.collections.StringRefMap;
import org.ouroboros.collector.collections.Strings;
import org.ouroboros.collector.typed.Elements.LongElements;
import org.ouroboros.collector.typed.Elements.RefElements;
import org.ouroboros.collector.typed.Fields.LongField;
import org.ouroboros.collector.typed.Fields.RefField;
import org.ouroboros.collector.typed.OwnedRef;

/**
 * The examples of the Javadoc of this module, word for word: each line between two {@code EXAMPLE}
 * comments is in the file that the first of them names.
 */
class ExamplesTest {

  // EXAMPLE typed/Fields
  static final ObjectType NODE =
      ObjectType.builder("node").references("next").field("count", JAVA_LONG).build();
  static final RefField NEXT = NODE.refField("next");
  static final LongField COUNT = NODE.longField("count");

  static long total(Heap heap, long first) {
    long total = 0;
    for (long node = first; node != Heap.NULL; node = NEXT.get(heap, node)) {
      total += COUNT.get(heap, node);
    }
    return total;
  }

  // EXAMPLE end

  // EXAMPLE typed/Elements
  static final LongElements LONGS = ObjectType.array("longs", JAVA_LONG).longElements();
  static final RefElements NODES = ObjectType.referenceArray("nodes").refElements();

  static long sum(Heap heap, long longs) {
    long sum = 0;
    for (int i = 0; i < LONGS.length(heap, longs); i++) {
      sum += LONGS.get(heap, longs, i);
    }
    return sum;
  }

  // EXAMPLE end

  @Test
  void accessors() {
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      long list = scope.own(heap.allocate(NODE));
      COUNT.set(heap, list, 5);
      // EXAMPLE typed/OwnedRef
      try (OwnedRef node = OwnedRef.of(heap, heap.allocate(NODE))) {
        COUNT.set(heap, node.ref(), 1);
        NEXT.set(heap, list, node.ref()); // the list counts it for itself
      } // and ours is given back here
      // EXAMPLE end
      assertThat(total(heap, list)).isEqualTo(6);
      long longs = scope.own(LONGS.allocate(heap, 3));
      LONGS.set(heap, longs, 1, 2);
      LONGS.set(heap, longs, 2, 3);
      assertThat(sum(heap, longs)).isEqualTo(5);
      long nodes = scope.own(NODES.allocate(heap, 1));
      NODES.set(heap, nodes, 0, list);
      assertThat(NODES.get(heap, nodes, 0)).isEqualTo(list);
    }
  }

  @Test
  void mapsOfLongs() {
    long[] words = {7, 8, 7};
    long sum = 0;
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      // EXAMPLE collections/LongRefMap
      LongRefMap maps = new LongRefMap(heap);
      long map = scope.own(maps.allocate());
      maps.putMoved(map, 42, heap.allocate(NODE)); // the map owns the node now
      COUNT.add(heap, maps.get(map, 42), 1);
      maps.remove(map, 42); // and here it dies
      // EXAMPLE end
      maps.putMoved(map, 5, heap.allocate(NODE));
      COUNT.set(heap, maps.get(map, 5), 4);
      // EXAMPLE collections/HashTable
      for (long at = maps.first(map); at != LongRefMap.END; at = maps.next(map, at)) {
        sum += maps.keyAt(map, at) * COUNT.get(heap, maps.valueAt(map, at));
      }
      // EXAMPLE end
    }
    assertThat(sum).isEqualTo(20);
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      // EXAMPLE collections/LongLongMap
      LongLongMap maps = new LongLongMap(heap);
      long counts = scope.own(maps.allocate());
      for (long word : words) {
        maps.add(counts, word, 1);
      }
      long sevens = maps.get(counts, 7, 0);
      // EXAMPLE end
      assertThat(sevens).isEqualTo(2);
    }
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      // EXAMPLE collections/LruCache
      LruCache caches = new LruCache(heap);
      long cache = scope.own(caches.allocate(1000));
      caches.putMoved(cache, 42, heap.allocate(NODE));
      long found = caches.get(cache, 42); // borrowed; the entry is now the one used last
      // EXAMPLE end
      assertThat(found).isNotEqualTo(Heap.NULL);
    }
  }

  @Test
  void stringsAndBytes() {
    byte[] payload = {1, 2, 3};
    byte[] received = new byte[3];
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      // EXAMPLE collections/Strings
      Strings strings = new Strings(heap);
      long name = scope.own(strings.allocate("Zoë"));
      int bytes = strings.length(name); // 4
      boolean same = strings.contentEquals(name, "Zoë"); // makes no Java object
      String copy = strings.toString(name);
      // EXAMPLE end
      assertThat(bytes).isEqualTo(4);
      assertThat(same).isTrue();
      assertThat(copy).isEqualTo("Zoë");
    }
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      // EXAMPLE collections/Bytes
      Bytes bytes = new Bytes(heap);
      long packet = scope.own(bytes.allocate(1500));
      bytes.write(packet, 20, payload, 0, payload.length);
      bytes.read(packet, 20, received, 0, received.length);
      // EXAMPLE end
      assertThat(received).isEqualTo(payload);
    }
  }

  @Test
  void lists() {
    try (Heap heap = Heap.ofConfined()) {
      try (LocalScope scope = heap.openScope()) {
        // EXAMPLE collections/RefList
        RefList lists = new RefList(heap);
        long list = scope.own(lists.allocate());
        lists.addMoved(list, heap.allocate(NODE)); // the list owns the node now
        lists.add(list, list); // a cycle: the collector frees it
        long first = lists.get(list, 0); // borrowed
        // EXAMPLE end
        assertThat(heap.typeOf(first)).isEqualTo(NODE);
      }
      assertThat(heap.collector().collect()).isEqualTo(3);
      assertThat(heap.stats().liveObjects()).isZero();
    }
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      // EXAMPLE collections/LongList
      LongList lists = new LongList(heap);
      long list = scope.own(lists.allocate());
      lists.add(list, 3);
      lists.insert(list, 0, 2);
      long sum = lists.get(list, 0) + lists.get(list, 1);
      // EXAMPLE end
      assertThat(sum).isEqualTo(5);
    }
  }

  @Test
  void mapsOfObjects() {
    String text = "the rose of the rose";
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      long node = scope.own(heap.allocate(NODE));
      long owner = scope.own(heap.allocate(NODE));
      // EXAMPLE collections/RefRefMap
      RefRefMap maps = new RefRefMap(heap, KeyHashing.IDENTITY);
      long owners = scope.own(maps.allocate());
      maps.put(owners, node, owner); // the map holds both
      long found = maps.get(owners, node); // borrowed
      // EXAMPLE end
      assertThat(found).isEqualTo(owner);
    }
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      long node = scope.own(heap.allocate(NODE));
      // EXAMPLE collections/RefLongMap
      RefLongMap maps = new RefLongMap(heap, KeyHashing.IDENTITY);
      long visits = scope.own(maps.allocate());
      maps.add(visits, node, 1);
      long count = maps.get(visits, node, 0);
      // EXAMPLE end
      assertThat(count).isEqualTo(1);
    }
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      // EXAMPLE collections/StringRefMap
      StringRefMap maps = new StringRefMap(heap);
      long byName = scope.own(maps.allocate());
      maps.putMoved(byName, "first", heap.allocate(NODE));
      COUNT.add(heap, maps.get(byName, "first"), 1);
      // EXAMPLE end
      assertThat(COUNT.get(heap, maps.get(byName, "first"))).isEqualTo(1);
    }
    try (Heap heap = Heap.ofConfined();
        LocalScope scope = heap.openScope()) {
      // EXAMPLE collections/StringLongMap
      StringLongMap maps = new StringLongMap(heap);
      long counts = scope.own(maps.allocate());
      for (String word : text.split(" ", -1)) {
        maps.add(counts, word, 1);
      }
      long count = maps.get(counts, "the", 0);
      // EXAMPLE end
      assertThat(count).isEqualTo(2);
    }
  }

  @Test
  void anIndex() {
    // EXAMPLE collections/package-info
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
      System.out.println(lists.size(maps.get(index, "rose"))); // 2
    }
    // EXAMPLE end
  }

  @Test
  void theJavadocShowsThis() throws IOException {
    String here = "src/test/java/org/ouroboros/collector/ExamplesTest.java";
    Matcher examples =
        Pattern.compile("// EXAMPLE ([\\w/-]+/[\\w-]+)\n(.*?)\n *// EXAMPLE end", Pattern.DOTALL)
            .matcher(Files.readString(Path.of(here)));
    int count = 0;
    while (examples.find()) {
      count++;
      Path file = Path.of("src/main/java/org/ouroboros/collector/" + examples.group(1) + ".java");
      String javadoc = Files.readString(file).replaceAll("(?m)^ *\\* ?", "");
      assertThat(javadoc).contains(examples.group(2).stripTrailing().stripIndent().strip());
    }
    assertThat(count).isEqualTo(16);
  }
}
