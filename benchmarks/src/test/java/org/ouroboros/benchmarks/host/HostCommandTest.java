package org.ouroboros.benchmarks.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line. */
class HostCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new HostCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void shouldPrintWhatTheLibraryAllocated() throws Exception {
    Hosts.open(HostLibrary.ZLIB);
    assertThat(run("zlib", "--allocator", "ouroboros_debug")).isZero();
    assertThat(out.toString())
        .startsWith("zlib 1.")
        .contains(" on ouroboros_debug", "and back at level 9", "peak bytes ", "left blocks  0");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    assertThat(run("nosuch")).isEqualTo(2);
    assertThat(run("zlib", "--allocator=nosuch")).isEqualTo(2);
    assertThat(run("zlib", "--library=/does/not/exist.so")).isEqualTo(2);
    assertThat(err.toString())
        .contains("unknown library 'nosuch'; known are zlib, zstd, sqlite, lua, gmp")
        .contains("allocator 'nosuch' cannot be had", "/does/not/exist.so cannot be opened");
    assertThat(out.toString()).isEmpty();
  }
}
