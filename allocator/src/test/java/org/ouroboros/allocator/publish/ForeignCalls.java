package org.ouroboros.allocator.publish;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What compiled classes call in C, read from their code: each {@code FunctionDescriptor} that is
 * written down in them, with each {@code Linker.Option} that its class uses, and without.
 *
 * <p>A descriptor that is put together at run time is not understood, and shows as one whose class
 * is in {@link #unread}.
 */
final class ForeignCalls {

  private static final String DESCRIPTOR = "java/lang/foreign/FunctionDescriptor";
  private static final String LAYOUT = "java/lang/foreign/ValueLayout";

  /** The signatures, in the notation of reachability metadata. */
  final Set<Signature> downcalls = new TreeSet<>();

  /** Methods that link a downcall, as {@code Class.method}. */
  final Set<String> linking = new TreeSet<>();

  /** Methods that make an upcall. */
  final Set<String> exporting = new TreeSet<>();

  /** Methods with descriptors that are not written down. */
  final Set<String> unread = new TreeSet<>();

  /** A signature; the option is empty if there is none. */
  record Signature(String result, List<String> parameters, String option)
      implements Comparable<Signature> {

    @Override
    public int compareTo(Signature other) {
      return toString().compareTo(other.toString());
    }
  }

  private ForeignCalls() {}

  static ForeignCalls of(Path classes) throws IOException {
    ForeignCalls calls = new ForeignCalls();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        calls.read(ClassFile.of().parse(file));
      }
    }
    return calls;
  }

  private void read(ClassModel model) {
    Collection<List<String>> found = new LinkedHashSet<>();
    Set<String> options = new TreeSet<>(Set.of(""));
    boolean underLwjgl = false;
    for (MethodModel method : model.methods()) {
      if (method.code().isEmpty()) {
        continue;
      }
      String name = model.thisClass().asInternalName().replaceAll(".*/", "");
      String where = name + "." + method.methodName().stringValue();
      List<String> layouts = new ArrayList<>();
      boolean listed = false; // whether the parameters are an array that is made here
      for (CodeElement element : method.code().get()) {
        switch (element) {
          case FieldInstruction field when field.owner().asInternalName().equals(LAYOUT) ->
              layouts.add(field.name().stringValue());
          case InvokeInstruction call -> {
            String called = call.owner().asInternalName() + "." + call.name().stringValue();
            switch (called) {
              case DESCRIPTOR + ".of" -> {
                note(layouts, listed, where, found);
                layouts.clear();
                listed = false;
              }
              case DESCRIPTOR + ".ofVoid" -> {
                layouts.addFirst("VOID");
                note(layouts, listed, where, found);
                layouts.clear();
                listed = false;
              }
              case "java/lang/foreign/Linker$Option.captureCallState" -> options.add("capture");
              case "java/lang/foreign/Linker$Option.critical" -> options.add("critical");
              case "java/lang/foreign/Linker$Option.firstVariadicArg" -> unread.add(where);
              case "java/lang/foreign/Linker.downcallHandle" -> linking.add(where);
              case "java/lang/foreign/Linker.upcallStub" -> exporting.add(where);
              default -> {
                underLwjgl |= called.endsWith("/LibrarySymbols.bind");
                layouts.clear();
                listed = false;
              }
            }
          }
          case NewReferenceArrayInstruction _ -> listed = true;
          default -> {
            // loads of constants, and the array of the parameters
          }
        }
      }
    }
    for (List<String> layouts : found) {
      for (String option : options) {
        add(layouts, option, List.of());
        if (underLwjgl) {
          add(layouts, option, List.of("JAVA_LONG", "JAVA_LONG")); // see LibrarySymbols
        }
      }
    }
  }

  private void note(
      List<String> layouts, boolean listed, String where, Collection<List<String>> found) {
    if (listed && !layouts.isEmpty()) {
      found.add(List.copyOf(layouts));
    } else {
      unread.add(where);
    }
  }

  private void add(List<String> layouts, String option, List<String> before) {
    List<String> parameters =
        Stream.concat(before.stream(), layouts.stream().skip(1))
            .map(ForeignCalls::canonical)
            .toList();
    downcalls.add(new Signature(canonical(layouts.getFirst()), parameters, option));
  }

  /** The name of a layout in {@code Linker.canonicalLayouts()}. */
  static String canonical(String layout) {
    return switch (layout) {
      case "VOID" -> "void";
      case "ADDRESS" -> "void*";
      case "JAVA_LONG" -> "jlong";
      case "JAVA_INT" -> "jint";
      case "JAVA_SHORT" -> "jshort";
      case "JAVA_BYTE" -> "jbyte";
      case "JAVA_DOUBLE" -> "jdouble";
      case "JAVA_FLOAT" -> "jfloat";
      default -> throw new AssertionError("no canonical name is known for " + layout);
    };
  }
}
