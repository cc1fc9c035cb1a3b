package org.ouroboros.benchmarks.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.benchmarks.host.HostException.Reason;

/** Libraries of another version, allocators that break their contract, and late changes. */
class HostMisuseTest {

  @TempDir private Path folder;

  /** Gives null where it ought to throw. */
  private static final class NullAllocator extends ForwardingAllocator {

    NullAllocator(Allocator inner) {
      super(inner, inner.name() + "_null");
    }

    @Override
    public long malloc(long size) {
      return 0;
    }

    @Override
    public long calloc(long count, long size) {
      return 0;
    }

    @Override
    public long realloc(long address, long size) {
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseAFileThatIsNoLibrary(HostLibrary library) throws IOException {
    Path file = Files.writeString(folder.resolve("libno.so"), "no ELF file");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> library.open(file.toString()))
        .withMessageContaining("cannot be opened")
        .withMessageContaining("Debian's package")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_LIBRARY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ZLIB   | const char *zlibVersion(void) { return \"1.0.4\"; }",
        "ZSTD   | const char *ZSTD_versionString(void) { return \"1.0.0\"; }",
        "SQLITE | const char *sqlite3_libversion(void) { return \"3.7.17\"; }",
        "LUA    | double lua_version(void *state) { return 503; }",
        "GMP    | const char *__gmp_version = \"4.3.2\";"
      })
  void shouldRefuseALibraryOfAnotherVersion(HostLibrary library, String source) throws Exception {
    Path other = compiled(source + "\n");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> library.open(other.toString()))
        .withMessageContaining("needed is")
        .withMessageContaining("install")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_VERSION));
  }

  @ParameterizedTest
  @EnumSource
  void shouldFailWhenTheAllocatorGivesNullAndWorkOnAGoodOne(HostLibrary library) throws Exception {
    Host host = Hosts.open(library);
    try (Allocator bad = new NullAllocator(Allocators.of("ouroboros"));
        CExport export = CExport.of(bad)) {
      assertThatExceptionOfType(HostException.class)
          .isThrownBy(() -> host.run(export))
          .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.NO_MEMORY));
      assertThat(bad.stats().liveBlocks()).isZero();
    }
    try (Allocator good = Allocators.of("ouroboros");
        CExport export = CExport.of(good)) {
      assertThat(host.run(export)).isNotEmpty();
    }
  }

  /** GMP cannot tell that it is too late: what it frees of the allocator before is refused. */
  @ParameterizedTest
  @ValueSource(strings = {"ouroboros_debug", "ouroboros"})
  void shouldLiveOnWhenGmpWasGivenAnAllocatorTooLate(String name) throws Exception {
    Hosts.open(HostLibrary.GMP);
    CLibrary gmp = Hosts.library(HostLibrary.GMP);
    CCall init = gmp.procedure("__gmpz_init_set_ui", CLibrary.POINTER, CLibrary.LONG);
    CCall clear = gmp.procedure("__gmpz_clear", CLibrary.POINTER);
    CCall functions =
        gmp.procedure(
            "__gmp_set_memory_functions", CLibrary.POINTER, CLibrary.POINTER, CLibrary.POINTER);
    try (Allocator allocator = Allocators.of(name);
        CExport export = CExport.of(allocator);
        Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(16, 8);
      init.call(number.address(), 7); // from the C library
      functions.call(
          export.function(CFunction.MALLOC).address(),
          export.function(CFunction.SIZED_REALLOC).address(),
          export.function(CFunction.SIZED_FREE).address());
      try {
        clear.call(number.address());
        assertThat(export.failures()).isOne();
        assertThat(export.lastFailure().orElseThrow().cause())
            .isInstanceOf(InvalidFreeException.class);
      } finally {
        functions.call(0, 0, 0);
      }
      clear.call(number.address()); // it was not freed
      assertThat(allocator.stats().liveBlocks()).isZero();
    }
  }

  private Path compiled(String source) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("other.c"), source);
    Path library = folder.resolve("libother.so");
    Process process;
    try {
      process =
          new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), file.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no C compiler here: " + e.getMessage());
      throw e;
    }
    assertThat(process.waitFor()).isZero();
    return library;
  }
}
