package org.ouroboros.allocator.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.ForkedJvm;

/** A recording that is asked for from outside of a program, which never looks after it. */
class RecordingByNameTest {

  @TempDir private Path folder;

  @Test
  void shouldWarnOnceAndGoOnWhenTheFileCannotBeMade() throws Exception {
    Path file = folder.resolve("missing/x.mtrace.gz");

    ForkedJvm.Result result =
        ForkedJvm.run(
            Allocates.class,
            ForkedJvm.NATIVE_ACCESS,
            "-Douroboros.malloc=ouroboros_record",
            "-D" + RecordingFile.PROPERTY + "=" + file);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("went on");
    assertThat(result.err())
        .containsOnlyOnce("the recording to " + file + " ended: ")
        .contains("choose another file with -Douroboros.record=FILE")
        .doesNotContain("\tat ");
  }

  @Test
  void shouldSayNothingWhenAllIsWell() throws Exception {
    Path file = folder.resolve("x.mtrace.gz");

    ForkedJvm.Result result =
        ForkedJvm.run(
            Allocates.class,
            ForkedJvm.NATIVE_ACCESS,
            "-Douroboros.malloc=ouroboros_record",
            "-D" + RecordingFile.PROPERTY + "=" + file);

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isBlank();
    assertThat(file).isNotEmptyFile();
  }

  /** Allocates, and ends without closing anything. */
  static final class Allocates {
    private Allocates() {}

    public static void main(String[] args) {
      Allocator allocator = Allocators.defaultAllocator();
      for (int i = 0; i < 1000; i++) {
        allocator.free(allocator.malloc(100));
      }
      System.out.println("went on");
    }
  }
}
