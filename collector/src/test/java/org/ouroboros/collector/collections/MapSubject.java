package org.ouroboros.collector.collections;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.typed.Fields.LongField;

/**
 * A map of any kind, its keys and values numbered from 0: what the tests of all kinds work on.
 * Where values are objects, number 0 is the map itself.
 */
abstract class MapSubject {

  static final int KEYS = 64;
  static final int VALUES = 8;
  static final int MISSING = -1;

  static final ObjectType OBJECT =
      ObjectType.builder("object").references("next").field("number", JAVA_LONG).build();

  private static final LongField NUMBER = OBJECT.longField("number");

  final Heap heap;
  private final long[] objects = new long[Math.max(KEYS, VALUES)];
  long map;

  MapSubject(Heap heap) {
    this.heap = heap;
  }

  /** What maps are tested. */
  enum Kind {
    LONG_REF,
    LONG_LONG,
    IDENTITY_REF,
    STRING_REF,
    HASHED_REF,
    TEXT_REF,
    IDENTITY_LONG,
    TEXT_LONG;

    MapSubject open(Heap heap) {
      return switch (this) {
        case LONG_REF -> new LongRef(heap);
        case LONG_LONG -> new LongLong(heap);
        case IDENTITY_REF -> new RefRef(heap, KeyHashing.IDENTITY);
        case STRING_REF -> new RefRef(heap, KeyHashing.STRINGS);
        case HASHED_REF -> new RefRef(heap, BY_NUMBER);
        case TEXT_REF -> new TextRef(heap);
        case IDENTITY_LONG -> new RefLong(heap);
        case TEXT_LONG -> new TextLong(heap);
      };
    }
  }

  /** Objects with the same number are equal; many hashes collide. */
  static final KeyHashing BY_NUMBER =
      new KeyHashing() {
        @Override
        public int hash(Heap heap, long key) {
          return (int) NUMBER.get(heap, key) / 4;
        }

        @Override
        public boolean equals(Heap heap, long one, long other) {
          return NUMBER.get(heap, one) == NUMBER.get(heap, other);
        }
      };

  abstract HashTable face();

  /** Puts a value; {@code fresh} makes a new object for it that is moved in. */
  abstract boolean put(int key, int value, boolean fresh);

  abstract int get(int key);

  abstract boolean contains(int key);

  abstract boolean remove(int key);

  abstract int keyNumber(long key);

  abstract int valueNumber(long value);

  void allocate() {
    map = face().allocate();
  }

  /** An object that the subject owns, or the map itself. */
  final long object(int number) {
    if (objects[number] == Heap.NULL) {
      objects[number] = newObject(number);
    }
    return objects[number];
  }

  final long newObject(int number) {
    long object = heap.allocate(OBJECT);
    NUMBER.set(heap, object, number);
    return object;
  }

  /** With a new object, which stays the caller's if it cannot be put. */
  final boolean putNew(int number, LongPredicate put) {
    long object = newObject(number);
    try {
      return put.test(object);
    } catch (RuntimeException e) {
      heap.release(object);
      throw e;
    }
  }

  final int number(long object) {
    return object == map ? 0 : object == Heap.NULL ? MISSING : (int) NUMBER.get(heap, object);
  }

  final long value(int number) {
    return number == 0 ? map : object(number);
  }

  /** All entries, by a cursor. */
  final Map<Integer, Integer> entries() {
    Map<Integer, Integer> entries = new HashMap<>();
    for (long at = face().first(map); at != HashTable.END; at = face().next(map, at)) {
      int key = keyNumber(face().keyAt(map, at));
      if (entries.put(key, valueNumber(face().valueAt(map, at))) != null) {
        throw new AssertionError("key " + key + " is there twice");
      }
    }
    return entries;
  }

  final int removeIf(IntPredicate values) {
    return face().removeIf(map, (key, value) -> values.test(valueNumber(value)));
  }

  /** Releases everything; the map too. */
  final void release() {
    for (int i = 0; i < objects.length; i++) {
      heap.release(objects[i]);
      objects[i] = Heap.NULL;
    }
    heap.release(map);
  }

  static String text(int key) {
    return key == 0 ? "" : (key % 3 == 0 ? "Zoë-\uD83D\uDC0D" : "key number ") + key;
  }

  /** Keys that collide, and those that mean something to tables. */
  static long longKey(int key) {
    return switch (key % 4) {
      case 0 -> key / 4; // 0 too
      case 1 -> -(long) key;
      case 2 -> (long) key << 40;
      default -> Long.MIN_VALUE + key;
    };
  }

  static int longKeyNumber(long key) {
    for (int i = 0; i < KEYS; i++) {
      if (longKey(i) == key) {
        return i;
      }
    }
    throw new AssertionError("no such key: " + key);
  }

  private static final class LongRef extends MapSubject {
    private final LongRefMap maps;

    LongRef(Heap heap) {
      super(heap);
      maps = new LongRefMap(heap);
    }

    @Override
    HashTable face() {
      return maps;
    }

    @Override
    boolean put(int key, int value, boolean fresh) {
      return fresh && value != 0
          ? putNew(value, v -> maps.putMoved(map, longKey(key), v))
          : maps.put(map, longKey(key), value(value));
    }

    @Override
    int get(int key) {
      return number(maps.get(map, longKey(key)));
    }

    @Override
    boolean contains(int key) {
      return maps.containsKey(map, longKey(key));
    }

    @Override
    boolean remove(int key) {
      return maps.remove(map, longKey(key));
    }

    @Override
    int keyNumber(long key) {
      return longKeyNumber(key);
    }

    @Override
    int valueNumber(long value) {
      return number(value);
    }
  }

  private static final class LongLong extends MapSubject {
    private final LongLongMap maps;

    LongLong(Heap heap) {
      super(heap);
      maps = new LongLongMap(heap);
    }

    @Override
    HashTable face() {
      return maps;
    }

    @Override
    boolean put(int key, int value, boolean fresh) {
      if (fresh && !maps.containsKey(map, longKey(key))) {
        return maps.add(map, longKey(key), value) == value;
      }
      return maps.put(map, longKey(key), value);
    }

    @Override
    int get(int key) {
      return (int) maps.get(map, longKey(key), MISSING);
    }

    @Override
    boolean contains(int key) {
      return maps.containsKey(map, longKey(key));
    }

    @Override
    boolean remove(int key) {
      return maps.remove(map, longKey(key));
    }

    @Override
    int keyNumber(long key) {
      return longKeyNumber(key);
    }

    @Override
    int valueNumber(long value) {
      return (int) value;
    }
  }

  /** Keys are objects, or strings. */
  private static final class RefRef extends MapSubject {
    private final RefRefMap maps;
    private final Strings strings;

    RefRef(Heap heap, KeyHashing hashing) {
      super(heap);
      maps = new RefRefMap(heap, hashing);
      strings = new Strings(heap);
    }

    @Override
    HashTable face() {
      return maps;
    }

    private interface Use<T> {
      T with(long key);
    }

    /** With a key that is another object each time, if that makes no difference. */
    private <T> T use(int key, Use<T> use) {
      if (maps.hashing() == KeyHashing.IDENTITY) {
        return use.with(object(key));
      }
      long owned =
          maps.hashing() == KeyHashing.STRINGS ? strings.allocate(text(key)) : newObject(key);
      try {
        return use.with(owned);
      } finally {
        heap.release(owned);
      }
    }

    @Override
    boolean put(int key, int value, boolean fresh) {
      return use(
          key,
          k ->
              fresh && value != 0
                  ? putNew(value, v -> maps.putMoved(map, k, v))
                  : maps.put(map, k, value(value)));
    }

    @Override
    int get(int key) {
      return use(key, k -> number(maps.get(map, k)));
    }

    @Override
    boolean contains(int key) {
      return use(key, k -> maps.containsKey(map, k));
    }

    @Override
    boolean remove(int key) {
      return use(key, k -> maps.remove(map, k));
    }

    @Override
    int keyNumber(long key) {
      return maps.hashing() == KeyHashing.STRINGS ? textNumber(strings.toString(key)) : number(key);
    }

    @Override
    int valueNumber(long value) {
      return number(value);
    }
  }

  static int textNumber(String text) {
    for (int i = 0; i < KEYS; i++) {
      if (text(i).equals(text)) {
        return i;
      }
    }
    throw new AssertionError("no such key: " + text);
  }

  private static final class TextRef extends MapSubject {
    private final StringRefMap maps;

    TextRef(Heap heap) {
      super(heap);
      maps = new StringRefMap(heap);
    }

    @Override
    HashTable face() {
      return maps;
    }

    @Override
    boolean put(int key, int value, boolean fresh) {
      return fresh && value != 0
          ? putNew(value, v -> maps.putMoved(map, text(key), v))
          : maps.put(map, text(key), value(value));
    }

    @Override
    int get(int key) {
      return number(maps.get(map, text(key)));
    }

    @Override
    boolean contains(int key) {
      return maps.containsKey(map, text(key));
    }

    @Override
    boolean remove(int key) {
      return maps.remove(map, text(key));
    }

    @Override
    int keyNumber(long key) {
      return textNumber(maps.strings().toString(key));
    }

    @Override
    int valueNumber(long value) {
      return number(value);
    }
  }

  private static final class RefLong extends MapSubject {
    private final RefLongMap maps;

    RefLong(Heap heap) {
      super(heap);
      maps = new RefLongMap(heap, KeyHashing.IDENTITY);
    }

    /** The map itself is a key of it. */
    private long key(int key) {
      return value(key);
    }

    @Override
    HashTable face() {
      return maps;
    }

    @Override
    boolean put(int key, int value, boolean fresh) {
      if (fresh && !maps.containsKey(map, key(key))) {
        return maps.add(map, key(key), value) == value;
      }
      return maps.put(map, key(key), value);
    }

    @Override
    int get(int key) {
      return (int) maps.get(map, key(key), MISSING);
    }

    @Override
    boolean contains(int key) {
      return maps.containsKey(map, key(key));
    }

    @Override
    boolean remove(int key) {
      return maps.remove(map, key(key));
    }

    @Override
    int keyNumber(long key) {
      return number(key);
    }

    @Override
    int valueNumber(long value) {
      return (int) value;
    }
  }

  private static final class TextLong extends MapSubject {
    private final StringLongMap maps;

    TextLong(Heap heap) {
      super(heap);
      maps = new StringLongMap(heap);
    }

    @Override
    HashTable face() {
      return maps;
    }

    @Override
    boolean put(int key, int value, boolean fresh) {
      if (fresh && !maps.containsKey(map, text(key))) {
        return maps.add(map, text(key), value) == value;
      }
      return maps.put(map, text(key), value);
    }

    @Override
    int get(int key) {
      return (int) maps.get(map, text(key), MISSING);
    }

    @Override
    boolean contains(int key) {
      return maps.containsKey(map, text(key));
    }

    @Override
    boolean remove(int key) {
      return maps.remove(map, text(key));
    }

    @Override
    int keyNumber(long key) {
      return textNumber(maps.strings().toString(key));
    }

    @Override
    int valueNumber(long value) {
      return (int) value;
    }
  }
}
