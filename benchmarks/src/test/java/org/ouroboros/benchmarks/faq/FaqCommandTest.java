package org.ouroboros.benchmarks.faq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line. */
class FaqCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new FaqCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow(@TempDir Path folder) {
    assertThat(run("counting", "nosuch")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("faq: unknown stop 'nosuch'; known are counting, cycle, gc, ")
        .hasLineCount(1);
    assertThat(run("counting", "--report", folder.resolve("no/such.html").toString())).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldShowCodeBesideOutput(@TempDir Path folder) throws Exception {
    Path html = folder.resolve("faq.html");
    Path markdown = folder.resolve("faq.md");
    assertThat(run("cycle", "counting", "--report=" + html, "--page=" + markdown)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .contains("counting: Counting frees at once", "    ObjectType node =", "  >   a is fina")
        .contains("cycle: A cycle needs the collector", "  > objects alive: 0");
    assertThat(Files.readString(html))
        .contains("<pre>ObjectType node =", "  a is finalized\n", "prefers-color-scheme", "</html>")
        .doesNotContain("<script", "<link", "src=");
    assertThat(Files.readString(markdown))
        .contains("## Counting frees at once", "```java\nObjectType node =", "```text\nreferences");
  }

  @Test
  void shouldTellWhatFailedAndWhatIsMissing() throws Exception {
    Visit failed = Visit.of(new BadStop(new IllegalStateException("no\ngood")));
    assertThat(failed.failure()).isEqualTo("java.lang.IllegalStateException: no good");
    assertThat(failed.output()).containsExactly("begun");
    Visit skipped = Visit.of(new BadStop(new Stop.SkippedException("install it")));
    assertThat(skipped.failure()).isNull();
    assertThat(skipped.output()).containsExactly("begun", "skipped: install it");
  }

  /** Does not come to its end. */
  private record BadStop(Exception thrown) implements Stop {

    @Override
    public String label() {
      return "bad";
    }

    @Override
    public String title() {
      return "Bad";
    }

    @Override
    public String text() {
      return "text";
    }

    @Override
    public List<String> sources() {
      return List.of("CycleStop");
    }

    @Override
    public void run(Transcript out) throws Exception {
      out.line("begun");
      throw thrown;
    }
  }
}
