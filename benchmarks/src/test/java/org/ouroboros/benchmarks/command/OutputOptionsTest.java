package org.ouroboros.benchmarks.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is at the place that figures are written to is never lost without need. */
class OutputOptionsTest {

  @TempDir private Path folder;

  private static OutputOptions options(String... args) {
    OutputOptions options = new OutputOptions();
    CommandLine.populateCommand(options, args);
    return options;
  }

  @Test
  void shouldKeepTheOldFileUntilTheNewIsWhole() throws IOException {
    Path file = Files.writeString(folder.resolve("figures"), "old");
    try (OutputOptions.Outputs files = options("--json=" + file).open()) {
      assertThat(file).hasContent("old");
      files.report().write("for nobody");
    }
    assertThat(file).hasContent("old");
    try (OutputOptions.Outputs files = options("--json=" + file).open()) {
      files.json().write("new");
    }
    assertThat(file).hasContent("new");
    assertThat(folder.toFile().list()).containsExactly("figures");
  }

  @Test
  void shouldLeaveNothingWhenOneOfThemCannotBeWritten() {
    assertThatIOException()
        .isThrownBy(() -> options("--json=" + folder.resolve("a"), "--report=" + folder).open())
        .withMessage(folder + " is a folder");
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void shouldWriteToTheFileBehindALink() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path file = Files.writeString(elsewhere.resolve("figures"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    try (OutputOptions.Outputs files = options("--report=" + link).open()) {
      files.report().write("new");
    }
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  void shouldWriteToAPipeAndNotReplaceIt() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(isMade(pipe), "no mkfifo here");
    CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> text(pipe));
    try (OutputOptions.Outputs files = options("--json=" + pipe).open()) {
      files.json().write("figures");
    }
    assertThat(Files.isRegularFile(pipe)).isFalse();
    assertThat(read.get()).isEqualTo("figures");
  }

  private static boolean isMade(Path pipe) throws InterruptedException {
    try {
      return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
