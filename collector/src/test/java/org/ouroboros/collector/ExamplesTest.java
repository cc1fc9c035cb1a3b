package org.ouroboros.collector;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
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
    assertThat(count).isEqualTo(3);
  }
}
