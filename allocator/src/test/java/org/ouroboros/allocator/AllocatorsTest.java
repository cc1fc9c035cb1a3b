package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocatorsTest {

  @Test
  void shouldKnowTheAllocatorsWhenAskedForNames() {
    assertThat(Allocators.names())
        .startsWith("ouroboros", "libc", "mimalloc", "jemalloc", "tcmalloc", "rpmalloc")
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldListTheKnownNamesWhenTheNameIsUnknown() {
    assertThatExceptionOfType(AllocatorUnavailableException.class)
        .isThrownBy(() -> Allocators.of("dlmalloc"))
        .withMessageContaining("'dlmalloc'")
        .withMessageContaining("ouroboros, libc, mimalloc, jemalloc, tcmalloc, rpmalloc")
        .satisfies(e -> assertThat(e.name()).isEqualTo("dlmalloc"));
  }

  @Test
  void shouldMakeOrSayWhyNotWhenListed() {
    List<Availability> rows = Allocators.list();
    assertThat(rows).extracting(Availability::name).contains("ouroboros", "libc", "jemalloc");
    for (Availability row : rows) {
      assertThat(row.detail()).isNotBlank().doesNotContain("\n");
      if (row.available()) {
        try (Allocator allocator = Allocators.of(row.name())) {
          assertThat(allocator.name()).isEqualTo(row.name());
          allocator.free(allocator.malloc(10));
        }
      } else {
        assertThatExceptionOfType(AllocatorUnavailableException.class)
            .isThrownBy(() -> Allocators.of(row.name()))
            .withMessageContaining(row.detail());
      }
    }
  }

  @Test
  void shouldHaveTheCLibraryWhenThereIsNativeAccess() {
    assertThat(Allocators.list())
        .filteredOn(row -> row.name().equals("libc"))
        .allMatch(Availability::available);
  }

  @Test
  void shouldMakeIndependentAllocatorsWhenAskedTwice() {
    Allocator one = Allocators.of("libc");
    try (Allocator two = Allocators.of("libc")) {
      one.close();
      two.free(two.malloc(10));
    }
  }

  @Test
  void shouldShareTheDefaultWhenAskedTwice() {
    Allocator allocator = Allocators.defaultAllocator();
    assertThat(Allocators.defaultAllocator()).isSameAs(allocator);
    assertThat(allocator.name()).isEqualTo("ouroboros");

    allocator.close();

    allocator.free(allocator.malloc(10));
  }

  @Test
  void shouldTakeTheDefaultFromTheSystemPropertyWhenSet() throws Exception {
    assertThat(defaultName("", "-Douroboros.malloc=libc", ForkedJvm.NATIVE_ACCESS))
        .isEqualTo("libc");
  }

  @Test
  void shouldTakeTheDefaultFromTheEnvironmentWhenSet() throws Exception {
    String variable = "export OUROBOROS_MALLOC=libc;";
    assertThat(defaultName(variable, ForkedJvm.NATIVE_ACCESS)).isEqualTo("libc");
    assertThat(defaultName(variable, "-Douroboros.malloc=ouroboros")).isEqualTo("ouroboros");
  }

  @Test
  void shouldListTheKnownNamesWhenTheDefaultIsUnknown() throws Exception {
    assertThat(defaultName("", "-Douroboros.malloc=nonsense"))
        .contains("'nonsense'")
        .contains("known are ouroboros, libc");
  }

  @Test
  void shouldSayWhyWhenTheNamedFileIsNoLibrary() throws Exception {
    String main =
        defaultName(
            "",
            ForkedJvm.NATIVE_ACCESS,
            "-Douroboros.malloc=mimalloc",
            "-Douroboros.native.mimalloc=/does/not/exist.so");
    assertThat(main).contains("ouroboros.native.mimalloc").contains("/does/not/exist.so");
  }

  @Test
  void shouldSayTheCureOrServeWhenJemallocMayNeedToBePreloaded() throws Exception {
    String said = defaultName("", ForkedJvm.NATIVE_ACCESS, "-Douroboros.malloc=jemalloc");
    if (!said.equals("jemalloc")) {
      assertThat(said)
          .containsAnyOf("LD_PRELOAD=libjemalloc.so.2", "libjemalloc.so.2 was not found");
      assertThat(said).contains("org.lwjgl:lwjgl-jemalloc");
    }
  }

  @Test
  void shouldUseWhatIsLoadedWhenJemallocIsPreloaded() throws Exception {
    Path debian = Path.of("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2");
    assumeTrue(Files.exists(debian), "no " + debian);
    String jemalloc = "-Douroboros.malloc=jemalloc";

    assertThat(defaultName("export LD_PRELOAD=" + debian + ";", ForkedJvm.NATIVE_ACCESS, jemalloc))
        .isEqualTo("jemalloc");
    String tunable = "export GLIBC_TUNABLES=glibc.rtld.optional_static_tls=4096;";
    assertThat(defaultName(tunable, ForkedJvm.NATIVE_ACCESS, jemalloc)).isEqualTo("jemalloc");
  }

  private static String defaultName(String setUp, String... options) throws Exception {
    ForkedJvm.Result result = ForkedJvm.run(setUp, DefaultName.class, options);
    assertThat(result.err()).isEmpty();
    return result.out().strip();
  }

  /** Prints the default allocator's name, or why there is none. */
  static final class DefaultName {
    private DefaultName() {}

    public static void main(String[] args) {
      try {
        Allocator allocator = Allocators.defaultAllocator();
        allocator.free(allocator.malloc(100));
        System.out.println(allocator.name());
      } catch (AllocatorUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
