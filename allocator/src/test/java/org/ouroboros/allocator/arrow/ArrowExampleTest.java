package org.ouroboros.allocator.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.OuroborosAllocator;

/** The example of the package's documentation, and what the documentation says is needed. */
class ArrowExampleTest {

  private static final String PACKAGE = "java/org/ouroboros/allocator/arrow/";

  /** What stands between the two comments is the example, line by line. */
  private static void example() {
    // begin
    try (Allocator memory = OuroborosAllocator.create();
        BufferAllocator arrow =
            new RootAllocator(
                RootAllocator.configBuilder()
                    .allocationManagerFactory(OuroborosAllocationManager.factory(memory))
                    .maxAllocation(1L << 30)
                    .build());
        IntVector numbers = new IntVector("numbers", arrow)) {
      numbers.setSafe(0, 42);
      numbers.setValueCount(1);
      System.out.println(numbers + " in " + memory.stats().liveBlocks() + " block");
    }
    // end
  }

  /** Starts Arrow, or prints why that cannot be done. */
  static final class Start {

    public static void main(String[] args) {
      try (Allocator memory = OuroborosAllocator.create()) {
        RootAllocator.configBuilder()
            .allocationManagerFactory(OuroborosAllocationManager.factory(memory))
            .build();
        System.out.println("started");
      } catch (ExceptionInInitializerError e) {
        System.out.println(e.getCause().getMessage());
      }
    }
  }

  @Test
  void shouldRunTheExample() {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      example();
    } finally {
      System.setOut(console);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines("[42] in 1 block");
  }

  @Test
  void shouldDocumentTheExampleThatRuns() throws IOException {
    List<String> documented =
        between(Path.of("src/main", PACKAGE, "package-info.java"), " * {@snippet :", " * }")
            .stream()
            .map(line -> line.substring(" * ".length()))
            .toList();
    List<String> run =
        between(Path.of("src/test", PACKAGE, "ArrowExampleTest.java"), "    // begin", "    // end")
            .stream()
            .map(line -> line.substring("    ".length()))
            .toList();
    assertThat(documented).hasSizeGreaterThan(5).isEqualTo(run);
  }

  /** The lines between the first line that is {@code begin} and the last that is {@code end}. */
  private static List<String> between(Path file, String begin, String end) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return lines.subList(lines.indexOf(begin) + 1, lines.lastIndexOf(end));
  }

  @Test
  void shouldNeedAManagerOfArrowsOwn() throws Exception {
    String with = ArrowJvm.run(Start.class, "-cp", ArrowJvm.classPath()).out();
    assertThat(with).isEqualToIgnoringNewLines("started");
    String path =
        ArrowJvm.classPath().replaceAll("[^:]*arrow-memory-(unsafe|core-[^:]*tests)[^:]*", "");
    ForkedJvm.Result without = ArrowJvm.run(Start.class, "-cp", path);
    assertThat(without.out()).contains("No DefaultAllocationManager found on classpath");
  }
}
