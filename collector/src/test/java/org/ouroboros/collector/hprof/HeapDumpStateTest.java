package org.ouroboros.collector.hprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netbeans.lib.profiler.heap.Instance;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.CustomReferences;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapDumpException;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.ObjectType;

/** When a dump may be asked for, and what becomes of the file if it cannot be written. */
class HeapDumpStateTest {

  private static final ObjectType PAIR =
      ObjectType.builder("pair").references("left", "right").build();

  private static long id(long ref) {
    return ref & 0xFFFF_FFFFL;
  }

  /** That the dump of this moment has the objects that the heap shows now, and what they name. */
  private static ReadDump checkedDump(Heap heap) {
    ReadDump dump = ReadDump.of(heap);
    Set<Long> shown = new HashSet<>();
    heap.inspector()
        .visitAll(
            ref -> {
              shown.add(id(ref));
              return true;
            });
    Set<Long> read = new HashSet<>();
    for (Object each : dump.heap.getAllInstances()) {
      Instance instance = (Instance) each;
      String name = instance.getJavaClass().getName();
      if (!name.endsWith("[]") && !name.equals(ReadDump.HEAP)) {
        read.add(instance.getInstanceId());
      }
    }
    assertThat(read).isEqualTo(shown);
    for (long id : read) {
      assertThat(read).containsAll(dump.targets(id));
    }
    return dump;
  }

  // ------------------------------------------------------------------------- files

  @Test
  void aFullDiskLeavesNothingOfTheDumpAndTheFormerFile() throws IOException {
    Configuration small =
        Configuration.unix().toBuilder().setWorkingDirectory("/there").setMaxSize(64 << 10).build();
    try (Heap heap = Heap.ofConfined();
        FileSystem files = Jimfs.newFileSystem(small)) {
      for (int i = 0; i < 5000; i++) {
        heap.allocate(PAIR);
      }
      Path path = files.getPath("/there/heap.hprof");
      Files.writeString(path, "former");
      assertThatThrownBy(() -> heap.inspector().dump(path))
          .isInstanceOf(HeapDumpException.class)
          .hasMessageContaining("/there/heap.hprof")
          .hasMessageContaining("space")
          .extracting(e -> ((HeapDumpException) e).file())
          .isEqualTo("/there/heap.hprof");
      try (var list = Files.list(path.getParent())) {
        assertThat(list).containsExactly(path);
      }
      assertThat(path).hasContent("former");
      heap.allocate(PAIR); // not read-only any more
      assertThat(heap.inspector().verify()).isEmpty();
    }
  }

  @Test
  void placesThatAreNone(@TempDir Path directory) throws IOException {
    try (Heap heap = Heap.ofConfined()) {
      heap.allocate(PAIR);
      Path missing = directory.resolve("missing/heap.hprof");
      assertThatThrownBy(() -> heap.inspector().dump(missing))
          .isInstanceOf(HeapDumpException.class)
          .hasMessageContaining(missing.toString());
      assertThatThrownBy(() -> heap.inspector().dump(directory))
          .isInstanceOf(HeapDumpException.class)
          .hasMessageContaining("no regular file");
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void aFormerDumpIsReplaced(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("heap.hprof");
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, path);
    try (Heap heap = Heap.ofConfined()) {
      heap.allocate(PAIR);
      heap.inspector().dump(path);
      long first = Files.size(path);
      heap.allocate(PAIR);
      heap.inspector().dump(link);
      assertThat(Files.size(path)).isGreaterThan(first);
      assertThat(link).isSymbolicLink();
    }
    try (var list = Files.list(directory)) {
      assertThat(list).hasSize(2);
    }
  }

  // ------------------------------------------------------------------------ states

  @Test
  void aClosedHeapAndAnotherThreadAreRefused(@TempDir Path directory) throws Exception {
    Heap heap = Heap.ofConfined();
    var inspector = heap.inspector();
    Path path = directory.resolve("heap.hprof");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread other =
        new Thread(
            () -> {
              try {
                inspector.dump(path);
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            });
    other.start();
    other.join();
    assertThat(thrown.get()).isInstanceOf(WrongThreadException.class);
    heap.close();
    assertThatThrownBy(() -> inspector.dump(path)).isInstanceOf(IllegalStateException.class);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void inAFinalizerTheDyingObjectIsARoot() {
    List<String> kinds = new ArrayList<>();
    ObjectType mortal =
        ObjectType.builder("mortal")
            .references("left", "right")
            .finalizer((heap, ref) -> kinds.add(checkedDump(heap).rootKind(ref)))
            .build();
    try (Heap heap = Heap.ofConfined()) {
      long object = heap.allocate(mortal);
      heap.setRefMoved(object, 0, heap.allocate(PAIR));
      heap.release(object);
      assertThat(kinds).containsExactly("unknown");
      assertThat(heap.errors().entries()).isEmpty();
    }
  }

  /**
   * The parent is half taken apart when the left child's finalizer runs; it still holds the right.
   */
  @Test
  void whatAnUnfinishedDeathHoldsIsARoot() {
    List<String> kinds = new ArrayList<>();
    long[] right = new long[1];
    ObjectType mortal =
        ObjectType.builder("mortal")
            .references("left")
            .finalizer((heap, ref) -> kinds.add(checkedDump(heap).rootKind(right[0])))
            .build();
    try (Heap heap = Heap.ofConfined()) {
      long parent = heap.allocate(PAIR);
      right[0] = heap.allocate(PAIR);
      heap.setRefMoved(parent, 0, heap.allocate(mortal));
      heap.setRefMoved(parent, 1, right[0]);
      heap.release(parent);
      assertThat(kinds).containsExactly("unknown");
      assertThat(heap.errors().entries()).isEmpty();
      assertThat(heap.stats().liveObjects()).isZero();
    }
  }

  @Test
  void duringACollection() {
    List<Long> counted = new ArrayList<>();
    ObjectType mortal =
        ObjectType.builder("mortal")
            .references("left", "right")
            .finalizer((heap, ref) -> counted.add(dumped(heap)))
            .build();
    try (Heap heap = Heap.ofConfined()) {
      heap.collector()
          .addListener(
              new CollectionListener() {
                @Override
                public void onStart(int generation) {
                  counted.add(dumped(heap));
                }

                @Override
                public void onStop(Summary summary) {
                  counted.add(dumped(heap));
                }
              });
      long kept = heap.allocate(PAIR);
      long a = heap.allocate(mortal);
      long b = heap.allocate(PAIR);
      heap.setRef(a, 0, b);
      heap.setRef(b, 0, a);
      heap.setRef(b, 1, kept);
      long weak = heap.newWeak(b, (h, ref) -> counted.add(dumped(h)));
      heap.release(a);
      heap.release(b);
      assertThat(heap.collector().collect()).isEqualTo(2);
      assertThat(counted).hasSize(4);
      assertThat(counted.getFirst()).isEqualTo(4);
      assertThat(counted.getLast()).isEqualTo(2);
      assertThat(heap.errors().entries()).isEmpty();
      heap.release(weak);
    }
  }

  private static long dumped(Heap heap) {
    return checkedDump(heap).counts().values().stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void atEachStepOfAnIncrementalCollection() {
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withIncremental(true))) {
      heap.collector().disable();
      long root = heap.allocate(PAIR);
      for (int i = 0; i < 40; i++) {
        long next = heap.allocate(PAIR);
        heap.setRef(next, 0, heap.getRef(root, 0));
        heap.setRef(root, 0, next);
        heap.release(next);
        long garbage = heap.allocate(PAIR);
        heap.setRef(garbage, 0, garbage);
        heap.setRef(garbage, 1, root);
        heap.release(garbage);
      }
      Set<Long> counts = new HashSet<>();
      boolean ended = false;
      for (int i = 0; i < 10_000 && !ended; i++) {
        ended = heap.collector().step(0);
        counts.add(dumped(heap));
      }
      assertThat(ended).isTrue();
      assertThat(counts).contains(81L, 41L);
      assertThat(heap.inspector().verify()).isEmpty();
    }
  }

  // --------------------------------------------------------------- custom references

  /** Has one reference outside its slots, to {@link #target}. */
  private static final class Outside implements CustomReferences {

    long target;
    boolean fails;

    @Override
    public void traverse(Heap heap, long ref, ReferenceVisitor visitor) {
      if (fails) {
        throw new IllegalStateException("as told");
      }
      visitor.visit(target);
    }

    @Override
    public void clear(Heap heap, long ref) {
      long last = target;
      target = Heap.NULL;
      if (last != Heap.NULL) {
        heap.removeEdge(last);
      }
    }
  }

  @Test
  void referencesOutsideTheSlots(@TempDir Path directory) {
    Outside references = new Outside();
    ObjectType type = ObjectType.builder("custom").customReferences(references).build();
    try (Heap heap = Heap.ofConfined()) {
      long target = heap.allocate(PAIR);
      long object = heap.allocate(type);
      heap.addEdge(target);
      references.target = target;
      heap.release(target);
      ReadDump dump = checkedDump(heap);
      assertThat(dump.ids(object, "$outside")).containsExactly(id(target));

      references.fails = true;
      Path path = directory.resolve("heap.hprof");
      assertThatThrownBy(() -> heap.inspector().dump(path))
          .isInstanceOf(HeapDumpException.class)
          .hasMessageContaining("custom #" + id(object));
      assertThat(directory).isEmptyDirectory();
      assertThat(heap.errors().total()).isEqualTo(1);
      references.fails = false;
      heap.release(object);
    }
  }
}
