package org.ouroboros.allocator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.tracing.Sites;

/** With the agent the same is traced as without, and calls know their place. */
class TraceAgentTest {

  private static byte[] bytes(Class<?> type) throws Exception {
    String file = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      return in.readAllBytes();
    }
  }

  private static long dynamicCalls(byte[] bytes) {
    return ClassFile.of().parse(bytes).methods().stream()
        .flatMap(method -> method.code().stream())
        .flatMap(code -> code.elementStream())
        .filter(element -> isSite(element))
        .count();
  }

  private static boolean isSite(CodeElement element) {
    return element instanceof InvokeDynamicInstruction call
        && call.bootstrapMethod().owner().descriptorString().contains("CallSites");
  }

  @Test
  void shouldReplaceTheCallsThatAllocate() throws Exception {
    byte[] rewritten = SiteTransformer.rewrite(getClass().getClassLoader(), bytes(Sites.class));
    assertThat(rewritten).isNotNull();
    assertThat(dynamicCalls(rewritten)).isEqualTo(8);
    assertThat(SiteTransformer.rewrite(getClass().getClassLoader(), bytes(Frame.class))).isNull();
  }

  @Test
  void shouldLeaveTheLibraryAndWhatIsBrokenAlone() throws Exception {
    SiteTransformer transformer = new SiteTransformer();
    ClassLoader loader = getClass().getClassLoader();
    byte[] library = bytes(org.ouroboros.allocator.FailingAllocator.class);
    String name = "org/ouroboros/allocator/FailingAllocator";
    assertThat(transformer.transform(loader, name, null, null, library)).isNull();
    assertThat(transformer.transform(loader, "x/Y", null, null, new byte[100])).isNull();
    String sites = "org/ouroboros/tracing/Sites";
    assertThat(transformer.transform(null, sites, null, null, bytes(Sites.class))).isNull();
    assertThat(transformer.transform(loader, sites, null, null, bytes(Sites.class))).isNotNull();
  }

  @Test
  void shouldTraceTheSameWithAndWithoutTheAgent(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("agent.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", TraceAgent.class.getName());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();

    ForkedJvm.Result without = ForkedJvm.run(Program.class, ForkedJvm.NATIVE_ACCESS);
    ForkedJvm.Result with =
        ForkedJvm.run(Program.class, ForkedJvm.NATIVE_ACCESS, "-javaagent:" + jar);

    assertThat(with.err()).isEmpty();
    assertThat(with.out().lines().skip(1)).isEqualTo(without.out().lines().skip(1).toList());
    assertThat(without.out()).startsWith("walks true\n");
    assertThat(with.out()).startsWith("walks false\n");
    assertThat(with.out().lines().count()).isGreaterThan(8);
  }

  /** Prints what is traced. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      try (TracingAllocator traced = TracingAllocator.wrap(OuroborosAllocator.create())) {
        Sites.one(traced, 10);
        System.out.println("walks " + Stacks.hasWalked());
        Sites.two(traced, 20);
        Sites.all(traced);
        Sites.deep(traced, 10);
        Sites.one(traced.inner(), 1);
        print(traced);
        traced.stop();
        traced.start(4);
        Sites.all(traced);
        Sites.deep(traced, 10);
        print(traced);
      }
    }

    private static void print(TracingAllocator traced) {
      traced.snapshot().statistics(GroupBy.STACK).stream()
          .filter(
              one ->
                  !(one.traceback().format().toString().contains("Program")
                      && one.traceback().frames().size() == 1))
          .forEach(one -> System.out.println(one + " " + one.traceback().format().subList(0, 1)));
    }
  }
}
