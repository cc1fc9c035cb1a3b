package org.ouroboros.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.benchmarks.command.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What is wrong with arguments is said in one line, whatever the command. */
class CommandLineTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private void refused(String line, String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    assertThat(execute(Main.commandLine(), args)).isEqualTo(2);
    assertThat(err.toString()).isEqualToIgnoringNewLines(line);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }

  private int execute(CommandLine commands, String... args) {
    return commands
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void shouldSayInOneLineWhatIsWrongWithArguments() {
    refused(
        "replay: Invalid value for option '--forks': 'abc' is not an int; see ouroboros-benchmarks"
            + " replay --help",
        "replay",
        "--forks=abc");
    refused(
        "top: Missing required parameter: 'PID|FILE'; see ouroboros-benchmarks top --help", "top");
    refused(
        "graph: Unknown option: '--jsn=x'; is --json meant?; see ouroboros-benchmarks graph --help",
        "graph",
        "--jsn=x");
    assertThat(execute(Main.commandLine(), "replya")).isEqualTo(2);
    assertThat(err.toString().lines().reduce((one, other) -> other).orElse(""))
        .startsWith("ouroboros-benchmarks: Unmatched argument at index 0: 'replya'; is replay");
  }

  @Test
  void shouldShowTheCommandsWhenNoneIsNamed() {
    assertThat(execute(Main.commandLine())).isEqualTo(2);
    assertThat(err.toString()).startsWith("Usage: ").contains("  replay ", "  top ", "  faq ");
  }

  @Test
  void shouldRefuseNumbersThatAreOutOfRange() {
    refused("collect: --pairs takes 1 to 1000", "collect", "--pairs=0", "ring:10");
    refused("collect: --warm-up takes 0 to 3600", "collect", "--warm-up=-1", "ring:10");
    refused("pauses: --objects takes 2 to 100000000", "pauses", "--objects=0");
    refused("pauses: --seconds takes 0.02 to 3600", "pauses", "--seconds=-1");
    refused("pauses: --rate takes 1 to 10000000", "pauses", "--rate=2000000000");
    refused("top: neither a process id nor a path: ''", "top", "");
  }

  @Test
  void shouldRefuseAPeerThatIsNotThere() {
    refused(
        "collect: 'no-such-python' cannot be run; --python takes a program, or none",
        "collect",
        "--python=no-such-python",
        "ring:10");
  }

  @Test
  void shouldRefuseToWriteTwoThingsToOneFile() {
    String file = folder.resolve("both").toString();
    for (String command : new String[] {"replay", "graph", "pauses", "program", "compare"}) {
      refused(
          command + ": --json and --report name the same file, " + file,
          command,
          "--json=" + file,
          "--report=" + file.replace("both", "./both"));
    }
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Command(name = "broken")
  private static final class Broken implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("one\n  two");
    }
  }

  @Test
  void shouldShowNoStackWhenACommandFailsUnexpectedly() {
    assertThat(execute(Exit.inOneLine(new CommandLine(new Broken())))).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .startsWith("broken: unexpected: java.lang.IllegalStateException: one two; with ");
  }
}
