package org.ouroboros.collector.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.netbeans.lib.profiler.heap.FieldValue;
import org.netbeans.lib.profiler.heap.GCRoot;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.ObjectArrayInstance;
import org.netbeans.lib.profiler.heap.ObjectFieldValue;
import org.netbeans.lib.profiler.heap.PrimitiveArrayInstance;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.hprof.HprofDump.Form;

/** A dump as VisualVM's reader reads it. */
final class ReadDump {

  /** The class of the one object that is not the program's. */
  static final String HEAP = "ouroboros.Heap";

  final org.netbeans.lib.profiler.heap.Heap heap;

  private ReadDump(Path file) throws IOException {
    this.heap = HeapFactory.createHeap(file.toFile());
  }

  /** Dumps a heap and reads the dump. */
  static ReadDump of(Heap heap) {
    return of(heap, path -> heap.inspector().dump(path));
  }

  /** The same in another form. */
  static ReadDump of(Heap heap, Form form) {
    return of(heap, path -> HprofDump.write((ConfinedHeap) heap, path, form));
  }

  static ReadDump of(Heap heap, int idBytes, int bufferBytes) {
    return of(heap, new Form(idBytes, bufferBytes, Form.USUAL.mostFields()));
  }

  private static ReadDump of(Heap heap, Consumer<Path> dump) {
    assertThat(heap.isClosed()).isFalse();
    try {
      Path file = Files.createTempFile("dump", ".hprof");
      try {
        dump.accept(file);
        return new ReadDump(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object with a reference, or null. */
  Instance at(long ref) {
    return heap.getInstanceByID(ref & 0xFFFF_FFFFL);
  }

  Object field(long ref, String name) {
    return at(ref).getValueOfField(name);
  }

  int[] intField(long ref, String... names) {
    int[] values = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      values[i] = ((Number) field(ref, names[i])).intValue();
    }
    return values;
  }

  /** The id of the object that a field names; 0 for null. */
  long id(long ref, String name) {
    return field(ref, name) instanceof Instance target ? target.getInstanceId() : 0;
  }

  /** The elements of an array of numbers, as text. */
  List<String> values(long ref, String name) {
    PrimitiveArrayInstance array = (PrimitiveArrayInstance) field(ref, name);
    List<String> values = new ArrayList<>();
    for (Object value : array.getValues()) {
      values.add((String) value);
    }
    return values;
  }

  String arrayClass(long ref, String name) {
    return ((Instance) field(ref, name)).getJavaClass().getName();
  }

  List<Long> ids(long ref, String name) {
    List<Long> ids = new ArrayList<>();
    for (Object value : ((ObjectArrayInstance) field(ref, name)).getValues()) {
      ids.add(value == null ? 0 : ((Instance) value).getInstanceId());
    }
    return ids;
  }

  String rootKind(long ref) {
    GCRoot root = heap.getGCRoot(at(ref));
    return root == null ? "" : root.getKind();
  }

  /** Objects by class, but for arrays, as the file has them. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    for (Object each : heap.getAllClasses()) {
      JavaClass type = (JavaClass) each;
      if (type.getInstancesCount() > 0 && !type.isArray() && !type.getName().equals(HEAP)) {
        counts.put(type.getName(), type.getInstancesCount());
      }
    }
    return counts;
  }

  /** What an object refers to, arrays seen through: ids, as often as it does. */
  List<Long> targets(long id) {
    List<Long> targets = new ArrayList<>();
    for (Object each : heap.getInstanceByID(id).getFieldValues()) {
      FieldValue value = (FieldValue) each;
      if (value instanceof ObjectFieldValue named && named.getInstance() != null) {
        Instance target = named.getInstance();
        if (target instanceof ObjectArrayInstance array) {
          for (Object element : array.getValues()) {
            if (element != null) {
              targets.add(((Instance) element).getInstanceId());
            }
          }
        } else if (!(target instanceof PrimitiveArrayInstance)
            && !named.getField().getName().equals("referent")) {
          targets.add(target.getInstanceId());
        }
      }
    }
    return targets;
  }

  /** How many references away from the nearest root each object is, by its id. */
  Map<Long, Integer> distances() {
    Map<Long, Integer> distances = new HashMap<>();
    Deque<Long> next = new ArrayDeque<>();
    for (Object each : heap.getGCRoots()) {
      Instance instance = ((GCRoot) each).getInstance();
      assertThat(instance).isNotNull();
      if (!instance.getJavaClass().getName().equals(HEAP)
          && distances.putIfAbsent(instance.getInstanceId(), 0) == null) {
        next.add(instance.getInstanceId());
      }
    }
    while (!next.isEmpty()) {
      long id = next.remove();
      for (long target : targets(id)) {
        if (distances.putIfAbsent(target, distances.get(id) + 1) == null) {
          next.add(target);
        }
      }
    }
    return distances;
  }
}
