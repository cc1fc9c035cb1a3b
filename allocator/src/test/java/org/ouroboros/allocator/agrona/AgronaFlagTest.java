package org.ouroboros.allocator.agrona;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Path;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.OuroborosAllocator;

/** What the adapter needs and what the allocator does without: the flag, and Agrona itself. */
class AgronaFlagTest {

  /** Makes buffers, and prints why that cannot be done. */
  static final class Adapted {

    public static void main(String[] args) {
      try (Allocator allocator = OuroborosAllocator.create()) {
        AgronaBuffers buffers = new AgronaBuffers(allocator);
        buffers.free(buffers.allocate(8));
        System.out.println("made");
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** Allocates where there is no Agrona. */
  static final class Plain {

    public static void main(String[] args) {
      try (Allocator allocator = OuroborosAllocator.create()) {
        allocator.free(allocator.malloc(8));
        System.out.println("made");
      }
    }
  }

  /** Agrona behind the class path that the forks have: the last -cp counts. */
  private static ForkedJvm.Result runWithAgrona(String... options) throws Exception {
    String path = ForkedJvm.classPath() + System.getProperty("path.separator") + agrona();
    String[] all = new String[options.length + 3];
    System.arraycopy(options, 0, all, 3, options.length);
    all[0] = ForkedJvm.NATIVE_ACCESS;
    all[1] = "-cp";
    all[2] = path;
    return ForkedJvm.run(Adapted.class, all);
  }

  private static Path agrona() throws Exception {
    return Path.of(DirectBuffer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void shouldNameTheFlagThatIsMissing() throws Exception {
    assertThat(runWithAgrona().out()).contains(AgronaBuffers.FLAG);
    assertThat(runWithAgrona(AgronaBuffers.FLAG).out()).isEqualToIgnoringNewLines("made");
  }

  @Test
  void shouldAllocateWithoutAgrona() throws Exception {
    ForkedJvm.Result result = ForkedJvm.run(Plain.class, ForkedJvm.NATIVE_ACCESS);
    assertThat(result.out()).isEqualToIgnoringNewLines("made");
  }

  @Test
  void shouldRequireNoModuleAtRunTimeButTheBase() throws IOException {
    try (InputStream in = Allocator.class.getResourceAsStream("/module-info.class")) {
      assertThat(ModuleDescriptor.read(in).requires())
          .filteredOn(needed -> !needed.modifiers().contains(Requires.Modifier.STATIC))
          .extracting(Requires::name)
          .containsExactlyInAnyOrderElementsOf(Set.of("java.base"));
    }
  }
}
