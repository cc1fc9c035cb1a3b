package org.ouroboros.benchmarks.faq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page shows the code and the words of the stops, and what they print. */
class FaqPageTest {

  private static final Path PAGE = Path.of("FAQ.md");
  private static final String OUTPUT = "```text\n";
  private static final String CURE =
      "make the page anew: java -jar benchmarks/target/benchmarks.jar faq --page benchmarks/FAQ.md";

  static Stream<String> labels() {
    return Stops.ALL.stream().map(Stop::label);
  }

  @Test
  void shouldHaveEveryStopInOrder() throws Exception {
    List<String> titles =
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("## ")).toList();
    assertThat(titles)
        .as(CURE)
        .containsExactlyElementsOf(Stops.ALL.stream().map(stop -> "## " + stop.title()).toList());
  }

  @ParameterizedTest
  @MethodSource("labels")
  void shouldShowTheCodeThatRuns(String label) throws Exception {
    Stop stop = Stops.of(List.of(label)).getFirst();
    Visit silent = new Visit(stop, Snippets.of(stop), List.of(), "", null);
    String section = FaqPages.markdown(List.of(silent));
    String words = section.substring(section.indexOf("## "), section.indexOf(OUTPUT));
    assertThat(words).contains("```java\n");
    assertThat(Files.readString(PAGE)).as(CURE).contains(words);
  }

  @ParameterizedTest
  @MethodSource("labels")
  void shouldShowWhatTheStopPrints(String label) throws Exception {
    Stop stop = Stops.of(List.of(label)).getFirst();
    Transcript out = new Transcript();
    if (stop instanceof TraditionalStop programs) {
      programs.run(out, 5, 2_000);
    } else {
      stop.run(out);
    }
    out.lines().stream()
        .filter(line -> line.contains("left out: "))
        .forEach(line -> assumeTrue(false, line));
    assertThat(same(shown(stop), stop)).as(CURE).isEqualTo(same(out.lines(), stop));
  }

  /** The lines that do not vary; of the programs, which are smaller here, without their sizes. */
  private static List<String> same(List<String> lines, Stop stop) {
    List<String> same = new ArrayList<>();
    for (String line : lines) {
      if (!line.startsWith(Transcript.VARIES)) {
        same.add(stop instanceof TraditionalStop ? line.replaceAll("[\\d,]*\\d", "N") : line);
      }
    }
    return same;
  }

  /** The output on the page. */
  private static List<String> shown(Stop stop) throws Exception {
    String page = Files.readString(PAGE);
    int section = page.indexOf("## " + stop.title() + "\n");
    int from = page.indexOf(OUTPUT, section) + OUTPUT.length();
    return page.substring(from, page.indexOf("\n```", from)).lines().toList();
  }
}
