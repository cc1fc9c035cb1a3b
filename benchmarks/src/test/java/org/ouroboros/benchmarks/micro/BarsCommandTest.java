package org.ouroboros.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.Availability;
import picocli.CommandLine;

/** The command line, as far as nothing is measured. */
class BarsCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new BarsCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void shouldRefuseRoundsOutOfRange() {
    assertThat(run("--rounds", "0")).isEqualTo(2);
    assertThat(err.toString()).isEqualToIgnoringNewLines("bars: --rounds takes 1 to 1000");
    assertThat(run("--rounds", "1001")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    assertThat(run("--rounds", "many")).isEqualTo(2);
    assertThat(run("--nosuch")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldFindOutFirstThatTheFileCannotBeWritten(@TempDir Path folder) {
    assertThat(run("--json", folder.resolve("none").resolve("bars.json").toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("bars: the folder of ").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldDescribeItself() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("--rounds=R", "--quick", "--json=FILE", "--jvm-args=FLAGS");
  }

  @Test
  void shouldCallEachLibraryInBothWaysAndSayWhichAreMissing() {
    List<String> notes = new ArrayList<>();
    List<String> natives =
        BarsCommand.natives(
            List.of(
                new Availability("ouroboros", true, "in Java"),
                new Availability("libc", true, "glibc 2.36 in the C library"),
                new Availability("tcmalloc", false, "install it")),
            notes);
    assertThat(natives).containsExactly("libc", "libc-critical");
    assertThat(notes)
        .containsExactly("libc: glibc 2.36 in the C library", "tcmalloc not measured: install it");
  }

  @Test
  void shouldPassFlagsOnToTheForks() {
    assertThat(new JmhFork(List.of("-XX:+UseSerialGC")).flags())
        .contains("-Xmx64m", "--enable-native-access=ALL-UNNAMED")
        .endsWith("-XX:+UseSerialGC");
  }

  @Test
  void shouldBeSilentWhereNobodyWatches() {
    BarsProgress silent = new BarsProgress(new PrintWriter(err), false);
    silent.at(1, 2, "work");
    silent.end();
    assertThat(err.toString()).isEmpty();
    BarsProgress watched = new BarsProgress(new PrintWriter(err), true);
    watched.at(1, 2, "work");
    watched.end();
    assertThat(err.toString()).contains(" 50 %", "work");
  }
}
