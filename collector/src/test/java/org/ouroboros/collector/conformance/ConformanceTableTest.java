package org.ouroboros.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code CONFORMANCE.md} says of every row which tests it has; here, that it says the truth. */
class ConformanceTableTest {

  private static final Path TABLE = Path.of("CONFORMANCE.md");
  private static final Pattern NAMED = Pattern.compile("`(\\w+ConformanceTest)\\.(\\w+)`");

  @Test
  void shouldNameExactlyTheTestsThereAre() throws Exception {
    Set<String> named =
        NAMED
            .matcher(Files.readString(TABLE))
            .results()
            .map(match -> match.group(1) + "." + match.group(2))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(named).isEqualTo(tests());
  }

  @Test
  void shouldHaveEveryRow() throws IOException {
    Set<String> rows =
        Files.readAllLines(TABLE).stream()
            .filter(line -> line.startsWith("| "))
            .map(line -> line.substring(2, line.indexOf(" |", 2)))
            .collect(Collectors.toSet());

    assertThat(rows)
        .containsAll(IntStream.rangeClosed(1, 48).mapToObj(i -> "T-gc" + i).toList())
        .containsAll(IntStream.rangeClosed(1, 37).mapToObj(i -> "GC-" + i).toList())
        .contains("ALG-60", "ALG-61", "ALG-62");
  }

  private static Set<String> tests() throws IOException, URISyntaxException {
    Path classes =
        Path.of(ConformanceTableTest.class.getResource("ConformanceTableTest.class").toURI())
            .getParent();
    try (Stream<Path> files = Files.list(classes)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("ConformanceTest.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .flatMap(ConformanceTableTest::testsOf)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Stream<String> testsOf(String simpleName) {
    Class<?> testClass;
    try {
      testClass = Class.forName(ConformanceTableTest.class.getPackageName() + "." + simpleName);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    return Arrays.stream(testClass.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .map(method -> simpleName + "." + method.getName());
  }
}
