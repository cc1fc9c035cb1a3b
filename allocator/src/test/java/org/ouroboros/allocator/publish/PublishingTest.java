package org.ouroboros.allocator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published fits together: the poms' metadata, and the list of versions. */
class PublishingTest {

  private static final String PARENT = "../pom.xml";
  private static final String BOM = "bom/pom.xml";
  private static final String ALLOCATOR = "pom.xml";
  private static final String COLLECTOR = "../collector/pom.xml";

  @Test
  void shouldHaveOneVersion() throws IOException {
    String version = own(PARENT, "version");
    assertThat(own(BOM, "version")).isEqualTo(version);
    assertThat(elements(ALLOCATOR, "version").getFirst()).isEqualTo(version);
    assertThat(elements(COLLECTOR, "version").getFirst()).isEqualTo(version);
  }

  @Test
  void shouldListEveryLibrary() throws IOException {
    String listed = elements(BOM, "dependencyManagement").getFirst();
    assertThat(elementsOf(listed, "artifactId"))
        .containsExactlyInAnyOrder(own(ALLOCATOR, "artifactId"), own(COLLECTOR, "artifactId"));
    assertThat(elementsOf(listed, "version")).containsOnly("${project.version}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"groupId", "url", "inceptionYear", "licenses", "developers", "connection", "tag"})
  void shouldHaveTheParentsMetadata(String element) throws IOException {
    assertThat(own(BOM, element)).isEqualTo(own(PARENT, element)).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {PARENT, BOM, ALLOCATOR, COLLECTOR})
  void shouldSayWhatItIs(String pom) throws IOException {
    assertThat(own(pom, "name")).startsWith("Ouroboros");
    assertThat(own(pom, "description")).endsWith(".");
  }

  /** The first such element of a pom that is not its parent's. */
  private static String own(String pom, String name) throws IOException {
    String text = Files.readString(Path.of(pom)).replaceFirst("(?s)<parent>.*</parent>", "");
    return elementsOf(text, name).getFirst();
  }

  private static List<String> elements(String pom, String name) throws IOException {
    return elementsOf(Files.readString(Path.of(pom)), name);
  }

  private static List<String> elementsOf(String text, String name) {
    return Pattern.compile("<" + name + ">(.*?)</" + name + ">", Pattern.DOTALL)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1).strip())
        .toList();
  }
}
