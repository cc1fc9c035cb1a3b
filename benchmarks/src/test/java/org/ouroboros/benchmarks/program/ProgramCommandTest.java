package org.ouroboros.benchmarks.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line, with next to no work. No time is judged. */
class ProgramCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new ProgramCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void shouldRefuseWhatItCannotDo(@TempDir Path folder) {
    for (String[] bad :
        new String[][] {
          {"--forks", "0"},
          {"--depth", "25"},
          {"--depth", "16,3"},
          {"--loops", "0"},
          {"--entries", "0"},
          {"--operations", "0"},
          {"--rate", "0"},
          {"--seconds", "NaN"},
          {"nosuch"},
          {"--subjects", "java"},
          {"--json", folder.resolve("no/such").toString()}
        }) {
      err.getBuffer().setLength(0);
      assertThat(run(bad)).isEqualTo(2);
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).startsWith("program: ");
    }
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldMeasureTreesOnAllAndTellWhatIsNotToBeHad(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("p.json");
    int code =
        run(
            "trees",
            "--subjects=ouroboros,g1-compact,g1-default,cpython,boehm",
            "--forks=1",
            "--depth=5,4",
            "--json=" + json);
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("trees, depth 5: ", "ns/node", "a claim needs 10", "cpython: ", "boehm: ")
        .contains("trees, depth 4: ", "trees, depth 4 on g1-default: -XX:+UseG1GC")
        .contains("trees, depth 5 on g1-compact: -Xmx16m -XX:+UseG1GC -XX:+UseCompactObjectHeaders")
        .containsPattern("trees, depth 4 +ouroboros +g1-compact +memory ")
        .containsPattern("trees, depth 5 +ouroboros +g1-default +time ");
    List<String> lines = Files.readAllLines(json);
    assertThat(lines.getFirst()).startsWith("{\"kind\":\"notes\"");
    assertThat(lines).anyMatch(line -> line.contains("\"subject\":\"ouroboros\""));
  }

  @Test
  void shouldShowLatencies(@TempDir Path folder) throws Exception {
    Path page = folder.resolve("p.html");
    int code =
        run(
            "lru",
            "gc-cycles",
            "--subjects=ouroboros,serial",
            "--forks=1",
            "--loops=2",
            "--entries=1000",
            "--operations=2000",
            "--rate=5000",
            "--seconds=0.1",
            "--report=" + page);
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("ouroboros +call +500 ")
        .containsPattern("serial +answer +500 ")
        .containsPattern("serial +sleep ")
        .containsPattern("ouroboros +call +2 ");
    assertThat(Files.readString(page))
        .contains("<svg", "90 %", "Answers: ", "</html>")
        .doesNotContain("NaN");
  }

  @Test
  void shouldSayInOneLineThatAProcessFailed() {
    assertThat(
            run("trees", "--subjects=ouroboros", "--forks=1", "--depth=4", "--jvm-args=-Xnosuch"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("program: trees, depth 4 on ouroboros: the process died: ");
  }
}
