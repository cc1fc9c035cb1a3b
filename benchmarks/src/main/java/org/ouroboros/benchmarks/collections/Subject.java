package org.ouroboros.benchmarks.collections;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroboros.benchmarks.collections.CollectionUnderTest.Maker;

/** What the command compares: a kind of map or of list. */
enum Subject {
  /** Maps from {@code long} to an object. */
  LONG_OBJECT(MapUnderTest.Kind.LONG_OBJECT, null),
  /** Maps from {@code long} to {@code long}. */
  LONG_LONG(MapUnderTest.Kind.LONG_LONG, null),
  /** Maps from a string to an object. */
  STRING_OBJECT(MapUnderTest.Kind.STRING_OBJECT, null),
  /** Lists of {@code long}. */
  LONG_LIST(null, ListUnderTest.Kind.LONGS),
  /** Lists of objects. */
  OBJECT_LIST(null, ListUnderTest.Kind.OBJECTS);

  private static final String OF_ALL = "iterate";
  private static final List<String> OF_MAPS = List.of("get", "put", "removeAndPut");
  private static final List<String> OF_LISTS = List.of("append", "get", "set", OF_ALL);

  private final MapUnderTest.@Nullable Kind map;
  private final ListUnderTest.@Nullable Kind list;

  Subject(MapUnderTest.@Nullable Kind map, ListUnderTest.@Nullable Kind list) {
    this.map = map;
    this.list = list;
  }

  /** The names of all operations there are. */
  static List<String> allOperations() {
    return Stream.concat(OF_MAPS.stream(), OF_LISTS.stream()).distinct().toList();
  }

  /** The methods of the benchmark. */
  List<String> operations() {
    return list == null ? OF_MAPS : OF_LISTS;
  }

  /** How many elements one call of an operation is about. */
  static int elements(String operation, int entries) {
    return operation.equals(OF_ALL) ? entries : 1;
  }

  /** The makers that have such a collection, ours first. */
  List<Maker> makers() {
    return list == ListUnderTest.Kind.OBJECTS
        ? List.of(Maker.OUROBOROS, Maker.JAVA)
        : List.of(Maker.values());
  }

  /** The class that JMH runs. */
  Class<?> benchmark() {
    return list == null ? MapBenchmark.class : ListBenchmark.class;
  }

  /** What the benchmark's parameter of the kind is. */
  String kind() {
    return String.valueOf(list == null ? map : list);
  }

  /** Opens an empty collection. */
  CollectionUnderTest open(Maker maker, int entries) {
    if (map != null) {
      return MapUnderTest.open(map, maker, entries);
    }
    if (list != null) {
      return ListUnderTest.open(list, maker, entries);
    }
    throw new AssertionError(this);
  }
}
