package org.ouroboros.collector.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of both modules' {@code docs}: each piece of Java on them stands, word for word, in a
 * test that runs it, between the comments {@code PAGE name} and {@code PAGE end}; and nothing so
 * marked is missing from its page. Pictures and pages that they link to are there.
 */
class PagesTest {

  private static final List<Path> MODULES = List.of(Path.of("../allocator"), Path.of("."));
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)(?:#[^)]*)?\\)");

  /** Classes that a page names as {@code Name.java}, and not as code of the JDK. */
  private static final Pattern SOURCE = Pattern.compile("`(\\w+)\\.java`");

  static Stream<Path> pages() throws IOException {
    return MODULES.stream().flatMap(module -> files(module.resolve("docs"), ".md"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldShowTheCodeThatRuns(Path page) throws IOException {
    String name = page.getFileName().toString().replace(".md", "");
    Pattern marked =
        Pattern.compile(
            "^ *// PAGE " + name + "\n(.*?)^ *// PAGE end$", Pattern.DOTALL | Pattern.MULTILINE);
    Path tests = page.getParent().getParent().resolve("src/test/java");
    List<String> run =
        files(tests, ".java")
            .flatMap(file -> marked.matcher(read(file)).results())
            .map(PagesTest::code)
            .toList();
    List<String> shown = BLOCK.matcher(read(page)).results().map(PagesTest::code).toList();
    assertThat(shown).containsExactlyInAnyOrderElementsOf(run);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldLinkToWhatThereIs(Path page) throws IOException {
    String text = read(page);
    assertThat(LINK.matcher(text).results().map(link -> link.group(1)))
        .allSatisfy(link -> assertThat(page.resolveSibling(link).normalize()).exists());
    assertThat(SOURCE.matcher(text).results().map(found -> found.group(1) + ".java"))
        .allSatisfy(
            file ->
                assertThat(MODULES.stream().flatMap(m -> files(m.resolve("src"), file)))
                    .as(file)
                    .isNotEmpty());
  }

  private static String code(MatchResult found) {
    return found.group(1).stripTrailing().stripIndent();
  }

  private static Stream<Path> files(Path folder, String end) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(end)).sorted().toList().stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
