package org.ouroboros.collector.hprof;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class of a dump.
 *
 * @param id of the class object
 * @param name as Java writes it
 * @param above the class that it extends; null for {@code java.lang.Object}
 * @param objectBytes what an object takes in the heap, header included; 0 where there is none
 * @param fields its own
 */
record ClassPlan(
    long id, String name, @Nullable ClassPlan above, long objectBytes, List<Field> fields) {

  /** A field of objects. */
  record Field(String name, ValueType type) {}

  /** The bytes of its own fields in the file. */
  long fieldBytes(int idBytes) {
    long bytes = 0;
    for (Field field : fields) {
      bytes += field.type().bytes(idBytes);
    }
    return bytes;
  }
}
