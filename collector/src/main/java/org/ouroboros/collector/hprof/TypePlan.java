package org.ouroboros.collector.hprof;

import java.util.List;
import org.ouroboros.collector.ObjectType;

/**
 * How objects of a type are written.
 *
 * @param leaf their class
 * @param members in the order of the fields, but for those that all objects have
 * @param isWeak whether they are weak references
 */
record TypePlan(ClassPlan leaf, List<Member> members, boolean isWeak) {

  /** How many arrays belong to an object. */
  static long arrays(ObjectType type) {
    return Member.of(type).stream().filter(Member::isArray).count();
  }

  /** The bytes of an object's fields in the file. */
  long dataBytes(int idBytes) {
    long bytes = 0;
    for (ClassPlan at = leaf; at != null; at = at.above()) {
      bytes += at.fieldBytes(idBytes);
    }
    return bytes;
  }
}
