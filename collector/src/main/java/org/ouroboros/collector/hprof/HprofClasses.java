package org.ouroboros.collector.hprof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.hprof.ClassPlan.Field;
import org.ouroboros.collector.inspect.Census;

/**
 * The classes of a dump: one for each type that has objects, those above them, and those that tools
 * expect to find.
 *
 * <pre>
 *   java.lang.Object
 *     ouroboros.Object              the fields that every object has
 *       a class for each type       its references and fields, and its tails
 *     ouroboros.Heap                one object, with the heap's name and figures
 *     java.lang.ref.Reference       referent
 *       java.lang.ref.WeakReference
 *         weak reference            the fields that every object has
 * </pre>
 */
final class HprofClasses {

  private static final int CLASS_DUMP = 0x20;

  private static final List<Field> OF_ALL =
      List.of(
          new Field("$external", ValueType.INT),
          new Field("$internal", ValueType.INT),
          new Field("$generation", ValueType.BYTE),
          new Field("$finalized", ValueType.BOOLEAN));

  private static final List<Field> OF_HEAP =
      List.of(
          new Field("name", ValueType.OBJECT),
          new Field("liveObjects", ValueType.LONG),
          new Field("liveBytes", ValueType.LONG),
          new Field("committedBytes", ValueType.LONG),
          new Field("metadataBytes", ValueType.LONG));

  /** The class of the object that stands for the heap. */
  final ClassPlan heap;

  private final List<ClassPlan> classes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<ValueType, ClassPlan> arrays = new EnumMap<>(ValueType.class);
  private final Map<String, Long> strings = new LinkedHashMap<>();
  private final Map<ObjectType, TypePlan> plans = new HashMap<>();
  private final int mostFields;
  private long nextId;

  /**
   * Plans the classes.
   *
   * @param firstId no object has an id from there on
   * @param mostFields how many a class may have
   */
  HprofClasses(List<Census.Count> types, long firstId, int mostFields) {
    this.mostFields = mostFields;
    this.nextId = firstId;
    ClassPlan object = add("java.lang.Object", null, 0, List.of());
    add("java.lang.Class", object, 0, List.of());
    Field referent = new Field("referent", ValueType.OBJECT);
    ClassPlan reference = add("java.lang.ref.Reference", object, 0, List.of(referent));
    ClassPlan weak = add("java.lang.ref.WeakReference", reference, 0, List.of());
    ClassPlan base = add("ouroboros.Object", object, 0, OF_ALL);
    this.heap = add("ouroboros.Heap", object, 0, OF_HEAP);
    for (ValueType type : ValueType.values()) {
      arrays.put(type, add(type.array, object, 0, List.of()));
    }
    for (Census.Count count : types) {
      ObjectType type = count.info.type;
      boolean isWeak = type == ObjectType.WEAK_REFERENCE;
      plans.put(type, isWeak ? planWeak(type, weak) : plan(type, base));
    }
    for (ClassPlan plan : classes) {
      plan.fields().forEach(field -> strings.computeIfAbsent(field.name(), name -> nextId++));
    }
  }

  private TypePlan planWeak(ObjectType type, ClassPlan above) {
    String name = uniqueName(type);
    return new TypePlan(add(name, above, type.fixedBytes(), OF_ALL), List.of(), true);
  }

  /** The fields that come last in an object are those of the highest class. */
  private TypePlan plan(ObjectType type, ClassPlan base) {
    List<Member> members = Member.of(type);
    List<Field> fields =
        members.stream().map(member -> new Field(member.name(), member.fieldType())).toList();
    String name = uniqueName(type);
    ClassPlan above = base;
    for (int part = (fields.size() - 1) / mostFields; part > 0; part--) {
      int from = part * mostFields;
      int to = Math.min(from + mostFields, fields.size());
      above = add(name + "$fields from " + from, above, 0, fields.subList(from, to));
    }
    List<Field> first = fields.subList(0, Math.min(mostFields, fields.size()));
    return new TypePlan(add(name, above, type.fixedBytes(), first), members, false);
  }

  private ClassPlan add(
      String name, @Nullable ClassPlan above, long objectBytes, List<Field> fields) {
    ClassPlan plan = new ClassPlan(nextId++, name, above, objectBytes, List.copyOf(fields));
    classes.add(plan);
    names.add(name);
    strings.computeIfAbsent(name, added -> nextId++);
    return plan;
  }

  /** A type's name; with its id if tools would take it for another class's. */
  private String uniqueName(ObjectType type) {
    // Tools read a slash as a dot, and names with a bracket as those of arrays.
    String name = type.name().replace('/', '.');
    boolean plain = !name.isBlank() && !name.startsWith("[") && !names.contains(name);
    String unique = plain ? name : "type " + name + "#" + type.id();
    while (names.contains(unique)) {
      unique += "'";
    }
    return unique;
  }

  /** The class of arrays. */
  ClassPlan arrays(ValueType type) {
    ClassPlan plan = arrays.get(type);
    if (plan == null) {
      throw new IllegalStateException("no class of arrays of " + type);
    }
    return plan;
  }

  TypePlan plan(ObjectType type) {
    TypePlan plan = plans.get(type);
    if (plan == null) {
      throw new IllegalStateException(type + " has appeared while the heap was dumped");
    }
    return plan;
  }

  /** No class and no string has an id from there on. */
  long nextId() {
    return nextId;
  }

  // ----------------------------------------------------------------------- writing

  void write(HprofOutput out) throws IOException {
    for (Map.Entry<String, Long> string : strings.entrySet()) {
      byte[] text = string.getKey().getBytes(StandardCharsets.UTF_8);
      out.beginRecord(HprofOutput.STRING, (long) out.idBytes() + text.length);
      out.putId(string.getValue());
      out.putBytes(text);
    }
    for (int i = 0; i < classes.size(); i++) {
      out.beginRecord(HprofOutput.LOAD_CLASS, 8L + 2L * out.idBytes());
      out.putInt(i + 1);
      out.putId(classes.get(i).id());
      out.putInt(HprofObjects.STACK);
      out.putId(string(classes.get(i).name()));
    }
    out.beginRecord(HprofOutput.STACK_TRACE, 12);
    out.putInt(HprofObjects.STACK);
    out.putInt(0);
    out.putInt(0);
    for (ClassPlan plan : classes) {
      write(plan, out);
    }
  }

  private long string(String text) {
    Long id = strings.get(text);
    if (id == null) {
      throw new IllegalStateException("a name without an id: " + text);
    }
    return id;
  }

  private void write(ClassPlan plan, HprofOutput out) throws IOException {
    int id = out.idBytes();
    int count = plan.fields().size();
    ClassPlan above = plan.above();
    out.beginEntry(CLASS_DUMP, 1 + 7L * id + 4 + 4 + 3 * 2 + count * (id + 1L));
    out.putId(plan.id());
    out.putInt(HprofObjects.STACK);
    out.putId(above == null ? 0 : above.id());
    for (int i = 0; i < 5; i++) {
      out.putId(0); // loader, signers, protection domain, and two without a meaning
    }
    // Tools add a header of two ids.
    out.putInt((int) Math.max(0, plan.objectBytes() - 2L * id));
    out.putShort(0); // constants
    out.putShort(0); // static fields
    out.putShort(count);
    for (Field field : plan.fields()) {
      out.putId(string(field.name()));
      out.putByte(field.type().code);
    }
  }
}
