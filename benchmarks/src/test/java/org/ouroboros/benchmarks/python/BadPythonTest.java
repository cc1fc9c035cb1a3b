package org.ouroboros.benchmarks.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.benchmarks.python.PythonJvm.Ended;

/** What cannot be done gives a typed error with the cure, and the JVM goes on. */
class BadPythonTest {

  @TempDir private Path folder;

  @Test
  void shouldMissTheLibrary() {
    assertThat(fails(() -> PythonLibrary.open("libnosuchpython.so.7")))
        .isEqualTo(PythonException.Kind.LIBRARY_MISSING);
    assertMessage(
        () -> PythonLibrary.open("libnosuchpython.so.7"),
        "libnosuchpython.so.7: cannot open shared object file",
        "install Debian's libpython3.11");
  }

  @Test
  void shouldRefuseAFileThatIsNoLibrary() throws IOException {
    Path file = Files.writeString(folder.resolve("libpython3.11.so"), "no ELF file");
    assertThat(fails(() -> PythonLibrary.open(file.toString())))
        .isEqualTo(PythonException.Kind.LIBRARY_MISSING);
  }

  @Test
  void shouldMissSymbols() {
    assertThat(fails(() -> PythonLibrary.open("libm.so.6")))
        .isEqualTo(PythonException.Kind.SYMBOL_MISSING);
    assertMessage(
        () -> PythonLibrary.open("libm.so.6"),
        "libm.so.6 has no function Py_GetVersion",
        "--library");
  }

  @Test
  void shouldRefuseOtherVersions() throws PythonException {
    for (String told : List.of("3.12.1 (main, ...)", "3.1.1", "2.7.18+ (default)", "3.110.1", "")) {
      assertThat(fails(() -> PythonLibrary.checked("lib", told)))
          .as(told)
          .isEqualTo(PythonException.Kind.WRONG_VERSION);
    }
    assertThat(PythonLibrary.checked("lib", "3.11.2 (main, ...) [GCC 12]")).isEqualTo("3.11.2");
    assertThat(PythonLibrary.checked("lib", "3.11.0rc1 (main)")).isEqualTo("3.11.0rc1");
    assertThat(PythonLibrary.checked("lib", "3.11.9+ (main)")).isEqualTo("3.11.9+");
  }

  @Test
  void shouldRefuseALibraryOfAnotherVersion() throws Exception {
    Path library = compiled("const char *Py_GetVersion(void) { return \"3.12.1 (main)\"; }\n");
    assertThat(fails(() -> PythonLibrary.open(library.toString())))
        .isEqualTo(PythonException.Kind.WRONG_VERSION);
    assertMessage(
        () -> PythonLibrary.open(library.toString()), "this is CPython 3.12.1, and only 3.11");
    assertThat(Files.readString(Path.of("/proc/self/maps")))
        .as("closed again")
        .doesNotContain(library.toString());
  }

  @Test
  void shouldMissTheStandardLibrary() throws Exception {
    Path library = compiled("const char *Py_GetVersion(void) { return \"3.11.2 (main)\"; }\n");
    PythonLibrary opened = PythonLibrary.open(library.toString());
    assertThat(fails(opened::home)).isEqualTo(PythonException.Kind.STANDARD_LIBRARY_MISSING);
    assertMessage(opened::home, "lib/python3.11", "install Debian's libpython3.11-stdlib");
    assertThat(fails(() -> PythonMemory.checkUnused(opened)))
        .isEqualTo(PythonException.Kind.SYMBOL_MISSING);
  }

  @Test
  void shouldRefuseAllocatorsThatGiveNull() {
    for (String call : List.of("malloc", "calloc", "realloc")) {
      try (Allocator bad = new BadAllocator(Allocators.of("ouroboros"), call, 0)) {
        assertThat(fails(() -> AllocatorProbe.check(bad)))
            .as(call)
            .isEqualTo(PythonException.Kind.ALLOCATOR_UNFIT);
        assertMessage(() -> AllocatorProbe.check(bad), call, "gave null", "--allocator");
      }
    }
  }

  @Test
  void shouldRefuseAllocatorsThatDoNotAlign() {
    try (Allocator bad = new BadAllocator(Allocators.of("ouroboros"), "malloc", 8)) {
      assertMessage(() -> AllocatorProbe.check(bad), "is not aligned to 16");
    }
  }

  @Test
  void shouldRefuseClosedAllocators() {
    Allocator closed = Allocators.of("libc");
    closed.close();
    assertMessage(() -> AllocatorProbe.check(closed), "'libc' cannot serve CPython", "is closed");
  }

  @Test
  void shouldLeaveNothingBehindInAGoodAllocator() throws PythonException {
    try (Allocator good = Allocators.of("ouroboros_debug")) {
      AllocatorProbe.check(good);
      assertThat(good.stats().liveBlocks()).isZero();
    }
  }

  @Test
  void shouldGoOnWhenAnAllocatorGivesNull() throws Exception {
    PythonJvm.assumeInstalled();
    Ended ended = PythonJvm.main(BadPythonMain.class, Map.of(), List.of("null"));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .contains("ALLOCATOR_UNFIT: allocator 'ouroboros_bad' cannot serve CPython: malloc(0) gave")
        .endsWith("alive, and CPython said 42, exit code 0\n");
    assertThat(ended.code()).isZero();
  }

  @Test
  void shouldRefuseWhenCPythonHasAllocated() throws Exception {
    PythonJvm.assumeInstalled();
    Ended ended = PythonJvm.main(BadPythonMain.class, Map.of(), List.of("allocated"));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .contains("ALREADY_ALLOCATED: CPython 3.11.")
        .contains("has been used in this process and has 1 blocks")
        .contains("ALREADY_ALLOCATED: CPython 3.11.")
        .contains("runs in this process")
        .endsWith("alive\n");
    assertThat(ended.code()).isZero();
  }

  private Path compiled(String source) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("python.c"), source);
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

  private static PythonException.Kind fails(ThrowingCallable call) {
    return thrown(call).kind();
  }

  private static void assertMessage(ThrowingCallable call, String... words) {
    assertThat(thrown(call)).message().hasLineCount(1).contains(words);
  }

  private static PythonException thrown(ThrowingCallable call) {
    PythonException thrown = catchThrowableOfType(PythonException.class, call);
    assertThat(thrown).isNotNull();
    return thrown;
  }
}
