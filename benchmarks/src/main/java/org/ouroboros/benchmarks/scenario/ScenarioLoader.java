package org.ouroboros.benchmarks.scenario;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the scenarios that were asked for, and reads them. */
final class ScenarioLoader {

  private ScenarioLoader() {}

  /**
   * Loads scenarios.
   *
   * @param names files, or names of bundled scenarios; none for all of those
   * @throws IOException at the first that is no valid scenario; the message is one line
   */
  static List<Scenario> load(List<String> names) throws IOException {
    List<Scenario> scenarios = new ArrayList<>();
    for (String name : names.isEmpty() ? BundledScenarios.NAMES : names) {
      try (InputStream in = new BufferedInputStream(open(name))) {
        scenarios.add(ScenarioReader.read(name, in));
      }
    }
    return scenarios;
  }

  private static InputStream open(String name) throws IOException {
    Path file = path(name);
    if (file != null && Files.isRegularFile(file)) {
      try {
        return Files.newInputStream(file);
      } catch (IOException e) {
        throw new ScenarioException(name, 1, "cannot be read: " + e.getMessage(), e);
      }
    }
    if (BundledScenarios.has(name)) {
      return BundledScenarios.open(name);
    }
    if (file != null && Files.isDirectory(file)) {
      throw new IOException(name + " is a folder, not a scenario");
    }
    throw new IOException(
        "no scenario "
            + name
            + ": no such file, and the bundled scenarios are "
            + String.join(", ", BundledScenarios.NAMES));
  }

  private static @Nullable Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
