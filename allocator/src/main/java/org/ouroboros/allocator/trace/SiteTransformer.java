package org.ouroboros.allocator.trace;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;

/**
 * Replaces calls that allocate by {@code invokedynamic}, whose bootstrap, {@link CallSites#link},
 * is told the method and the line. Operands and result stay the same.
 *
 * <p>Thread rule: any thread.
 */
final class SiteTransformer implements ClassFileTransformer {

  private static final Set<String> OWNERS =
      Set.of(internal(Allocator.class), internal(TracingAllocator.class));

  private static final String ONE = "(J)J";
  private static final String TWO = "(JJ)J";
  private static final Map<String, String> ALLOCATING =
      Map.of("malloc", ONE, "calloc", TWO, "realloc", TWO, "alignedAlloc", TWO);

  private static final int FIRST_WITH_DYNAMIC = 51;

  private static final DirectMethodHandleDesc LINK =
      ConstantDescs.ofCallsiteBootstrap(
          ClassDesc.of(CallSites.class.getName()),
          "link",
          ConstantDescs.CD_CallSite,
          ConstantDescs.CD_String,
          ConstantDescs.CD_String,
          ConstantDescs.CD_int);

  private static String internal(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader == null
        || name == null
        || redefined != null
        || Stacks.isLibrary(name.replace('/', '.'))) {
      return null;
    }
    try {
      return rewrite(loader, bytes);
    } catch (RuntimeException | LinkageError e) {
      return null;
    }
  }

  /** The class with its sites; null if it has none. */
  static byte @Nullable [] rewrite(ClassLoader loader, byte[] bytes) {
    ClassHierarchyResolver types =
        ClassHierarchyResolver.ofResourceParsing(loader)
            .orElse(ClassHierarchyResolver.defaultResolver());
    ClassFile file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(types));
    ClassModel model = file.parse(bytes);
    if (model.majorVersion() < FIRST_WITH_DYNAMIC || !namesAnOwner(model)) {
      return null;
    }
    String source =
        model
            .findAttribute(Attributes.sourceFile())
            .map(attribute -> attribute.sourceFile().stringValue())
            .orElse("");
    return file.transformClass(
        model,
        (builder, element) -> {
          if (element instanceof MethodModel method && allocates(method)) {
            String name = method.methodName().stringValue();
            builder.transformMethod(
                method,
                MethodTransform.transformingCode(
                    CodeTransform.ofStateful(() -> new Calls(name, source))));
          } else {
            builder.with(element);
          }
        });
  }

  private static boolean namesAnOwner(ClassModel model) {
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof ClassEntry type && OWNERS.contains(type.asInternalName())) {
        return true;
      }
    }
    return false;
  }

  private static boolean allocates(MethodModel method) {
    return method
        .code()
        .map(code -> code.elementStream().anyMatch(SiteTransformer::isAllocation))
        .orElse(false);
  }

  private static boolean isAllocation(CodeElement element) {
    return element instanceof InvokeInstruction call
        && (call.opcode() == Opcode.INVOKEINTERFACE || call.opcode() == Opcode.INVOKEVIRTUAL)
        && OWNERS.contains(call.owner().asInternalName())
        && call.type().stringValue().equals(ALLOCATING.get(call.name().stringValue()));
  }

  /** Replaces the calls of one method. */
  private static final class Calls implements CodeTransform {

    private final String method;
    private final String source;
    private int line;

    Calls(String method, String source) {
      this.method = method;
      this.source = source;
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      if (element instanceof LineNumber number) {
        line = number.line();
      }
      if (element instanceof InvokeInstruction call && isAllocation(call)) {
        MethodTypeDesc type = call.typeSymbol().insertParameterTypes(0, call.owner().asSymbol());
        builder.invokedynamic(
            DynamicCallSiteDesc.of(LINK, call.name().stringValue(), type, method, source, line));
      } else {
        builder.with(element);
      }
    }
  }
}
