package org.ouroboros.benchmarks.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.benchmarks.python.PythonJvm.Ended;
import picocli.CommandLine;

/** The command as its user meets it; each interpreter in a JVM of its own. */
class PythonCommandTest {

  private static final Map<String, String> NO_MORE = Map.of();

  @TempDir private Path folder;

  @BeforeAll
  static void assumeInstalled() {
    PythonJvm.assumeInstalled();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ouroboros", "ouroboros_debug", "libc", "libc_debug", "pymalloc"})
  void shouldRunCode(String allocator) throws Exception {
    String code = "import json, sys; print(json.dumps([sys.argv, 6 * 7, 'x' * 3]))";
    Ended ended = PythonJvm.command(NO_MORE, "--allocator", allocator, "-c", code, "a", "b");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo("[[\"-c\", \"a\", \"b\"], 42, \"xxx\"]\n");
    assertThat(ended.err())
        .containsPattern("python: CPython 3\\.11\\.\\d+\\S* on " + allocator + ", exit code 0");
  }

  @Test
  void shouldCountWhatWasAllocated() throws Exception {
    // a module's own free list or cache holds nothing of a list of strings that nobody shares
    String code = "kept = ['%d!' % i for i in range(50000)]";
    Ended ended = PythonJvm.command(NO_MORE, "-c", code);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(live(ended, "when the program was over: ")).isBetween(50_000L, 80_000L);
    assertThat(live(ended, "after Py_FinalizeEx: ")).isBetween(0L, 5_000L);
    assertThat(ended.err()).contains("calls that failed: 0");
  }

  @Test
  void shouldTellWhatWasNotFreed() throws Exception {
    String code =
        """
        import ctypes
        f = ctypes.pythonapi.PyMem_RawMalloc
        f.restype = ctypes.c_void_p
        for i in range(70000): f(ctypes.c_size_t(32))
        """;
    Ended ended = PythonJvm.command(NO_MORE, "--allocator", "ouroboros_debug", "-c", code);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(live(ended, "after Py_FinalizeEx: ")).isBetween(70_000L, 90_000L);
  }

  @Test
  void shouldFindDamage() throws Exception {
    String code =
        """
        import ctypes
        f = ctypes.pythonapi.PyMem_Malloc
        f.restype = ctypes.c_void_p
        ctypes.memset(f(ctypes.c_size_t(32)), 1, 33)
        """;
    Ended ended = PythonJvm.command(NO_MORE, "--allocator", "ouroboros_debug", "-c", code);
    assertThat(ended.err()).contains("guards of all blocks: DAMAGED");
  }

  @Test
  void shouldTellTheDomainThatWasMistaken() throws Exception {
    String code =
        """
        import ctypes
        p = ctypes.pythonapi
        p.PyMem_Malloc.restype = ctypes.c_void_p
        p.PyMem_RawFree(ctypes.c_void_p(p.PyMem_Malloc(ctypes.c_size_t(32))))
        """;
    Ended ended = PythonJvm.command(NO_MORE, "--allocator", "ouroboros_debug", "-c", code);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("calls that failed: 1, one of the last: FREE");
  }

  @Test
  void shouldGiveMemoryErrors() throws Exception {
    String code =
        """
        try:
          bytearray(1 << 50)
        except MemoryError:
          print('none')
        """;
    Ended ended = PythonJvm.command(NO_MORE, "-c", code);
    assertThat(ended.out()).isEqualTo("none\n");
    assertThat(ended.err()).contains("calls that failed: 1, one of the last: REALLOC of 1,125,899");
  }

  @Test
  void shouldServeThreads() throws Exception {
    String code =
        """
        import threading
        def work():
          for i in range(20000): str(i).encode()
        all = [threading.Thread(target=work) for i in range(8)]
        for t in all: t.start()
        for t in all: t.join()
        print('done')
        """;
    Ended ended = PythonJvm.command(NO_MORE, "-c", code);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo("done\n");
    assertThat(ended.err()).contains("calls that failed: 0");
  }

  @Test
  void shouldRunAFileAndAModule() throws Exception {
    Path file = folder.resolve("program.py");
    Files.writeString(
        file, "import sys, beside\nprint(__name__, __file__, sys.argv[1:], beside.X)\n");
    Files.writeString(folder.resolve("beside.py"), "X = 5\n");
    Ended ended = PythonJvm.command(NO_MORE, file.toString(), "-x", "--help");
    assertThat(ended.out()).isEqualTo("__main__ " + file + " ['-x', '--help'] 5\n");
    assertThat(ended.code()).as(ended.err()).isZero();

    Ended module =
        PythonJvm.command(Map.of("PYTHONPATH", folder.toString()), "-m", "program", "--", "-v");
    assertThat(module.out()).isEqualTo("__main__ " + file + " ['-v'] 5\n");
    assertThat(module.code()).as(module.err()).isZero();
  }

  @Test
  void shouldEndAsTheProgramDoes() throws Exception {
    assertThat(PythonJvm.command(NO_MORE, "-c", "import sys; sys.exit(7)").code()).isEqualTo(7);
    Ended text = PythonJvm.command(NO_MORE, "-c", "raise SystemExit('so')");
    assertThat(text.code()).isEqualTo(1);
    assertThat(text.err()).startsWith("so\n");
    Ended failed = PythonJvm.command(NO_MORE, "-c", "1/0");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err())
        .startsWith(
            """
            Traceback (most recent call last):
              File "<string>", line 1, in <module>
            ZeroDivisionError: division by zero
            """)
        .contains("exit code 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PYTHONMALLOC=malloc", "PYTHONDEVMODE=1", "PYTHONTRACEMALLOC=1"})
  void shouldTellThatTheAllocatorWasReplaced(String setting) throws Exception {
    String[] pair = setting.split("=", 2);
    Ended ended = PythonJvm.command(Map.of(pair[0], pair[1]), "-c", "print(1)");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("has put another allocator in the place of ouroboros: unset PYTHONMALLOC");
  }

  @Test
  void shouldTellThatCPythonDoesNotStart() throws Exception {
    Ended ended = PythonJvm.command(Map.of("PYTHONHOME", folder.toString()), "-c", "1");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("does not start: ").contains("see the PYTHON* variables");
  }

  @Test
  void shouldRefuseArgumentsInOneLine() {
    refused("nothing to run");
    refused("exclude each other", "-c", "1", "-m", "os");
    refused("'nosuch' cannot be had", "--allocator", "nosuch", "-c", "1");
    refused("--turns takes 1 to", "--compare", "--turns", "0");
    refused("cannot open shared object file", "--library", "/nowhere/libpython.so", "-c", "1");
  }

  private static void refused(String message, String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(new PythonCommand()).setErr(new PrintWriter(err));
    assertThat(command.execute(arguments)).isEqualTo(2);
    assertThat(err.toString()).startsWith("python: ").contains(message).hasLineCount(1);
  }

  /** The blocks behind some words of the report. */
  private static long live(Ended ended, String words) {
    int begin = ended.err().indexOf(words) + words.length();
    assertThat(ended.err()).contains(words);
    return Long.parseLong(
        ended.err().substring(begin, ended.err().indexOf(' ', begin)).replace(",", ""));
  }
}
