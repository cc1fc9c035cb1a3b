package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the tests of {@code src/jcstress}: what must hold whenever two threads meet in a protocol.
 * In every build for some seconds; in the profile "stress" with all the JVM's compilers.
 */
class JcstressTest {

  private static final String JVM_ARGUMENTS = ForkedJvm.NATIVE_ACCESS + " -Xmx256m";

  private static final Path SOURCES = Path.of("src", "jcstress", "java");

  @TempDir private Path folder;

  @Test
  void shouldSeeNothingForbiddenWhenThreadsMeetForSeconds() throws Exception {
    long tests = tests();
    assertThat(tests).isPositive();
    assertThat(run(180, "-iters", "1", "-time", "200", "-jvmArgs", JVM_ARGUMENTS))
        .contains(tests + " planned; " + tests + " passed, 0 failed, 0 soft errs, 0 hard errs");
  }

  @Tag("stress")
  @Test
  void shouldSeeNothingForbiddenWhenThreadsMeetForMinutes() throws Exception {
    assertThat(run(3600, "-iters", "5", "-time", "1000", "-jvmArgsPrepend", JVM_ARGUMENTS))
        .contains(" 0 failed, 0 soft errs, 0 hard errs");
  }

  /** How many there are, so that none is left out: each is a class with this annotation. */
  private static long tests() throws Exception {
    long count = 0;
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        count +=
            Files.readAllLines(file).stream()
                .filter(line -> line.strip().equals("@JCStressTest"))
                .count();
      }
    }
    return count;
  }

  private String run(long seconds, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String classPath =
        ForkedJvm.classPath() + File.pathSeparator + System.getProperty("java.class.path");
    command.addAll(List.of("-cp", classPath, "org.openjdk.jcstress.Main"));
    command.addAll(List.of("-f", "1", "-sc", "false", "-r", folder.toString()));
    command.addAll(List.of(options));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    String said = Files.readString(log);
    assertThat(ended).as("ended in %d s: %s", seconds, said).isTrue();
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
