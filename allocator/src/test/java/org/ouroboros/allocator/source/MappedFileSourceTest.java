package org.ouroboros.allocator.source;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.ForkedJvm;

class MappedFileSourceTest extends MemorySourceContractTest {

  @Override
  protected MemorySource create() {
    return MappedFileSource.create();
  }

  @Test
  void shouldLeaveNoFileWhenReserved(@TempDir Path folder) throws Exception {
    MemorySource here = MappedFileSource.in(folder.resolve("made/when/needed"));
    Reservation other = here.reserve(2 * unit, unit);
    other.commit(0, unit);

    try (var files = Files.list(folder.resolve("made/when/needed"))) {
      assertThat(files).isEmpty();
    }
    other.release();
  }

  @Test
  void shouldFailTypedWhenTheFolderCannotBeUsed(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> MappedFileSource.in(file).reserve(unit, unit))
        .withMessageContaining(file.toString());
  }

  @Test
  void shouldThrowWhenTheSegmentIsUsedAfterRelease() {
    reservation.commit(0, unit);
    reservation.release();
    assertThatIllegalStateException().isThrownBy(() -> reservation.segment().get(JAVA_LONG, 0));
  }

  @Test
  void shouldFailTypedAndKeepContentWhenTheDiskIsFull(@TempDir Path folder) throws Exception {
    assumeTrue(mountsAreAllowed(folder), "no mount namespaces here");

    ForkedJvm.Result result =
        ForkedJvm.run(
            // The shell's words become: unshare -rm sh -c SCRIPT FOLDER java ...
            "set -- unshare -rm sh -c 'mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"' '"
                + folder
                + "' \"$0\" \"$@\"; exec \"$@\"; ",
            FullDisk.class,
            "-Dfolder=" + folder);

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("mapped-file: commit of 16777216 bytes at 0x")
        .contains("No space left on device")
        .contains("still usable 7 8");
    assertThat(result.exitCode()).isZero();
  }

  /** Whether a process may have a file system of its own. */
  private static boolean mountsAreAllowed(Path folder) throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", folder.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Commits more than the disk holds. */
  static final class FullDisk {
    private FullDisk() {}

    public static void main(String[] args) {
      MemorySource source = MappedFileSource.in(Path.of(System.getProperty("folder")));
      long unit = source.granularity();
      Reservation reservation = source.reserve(16 << 20, unit);
      reservation.commit(unit, unit);
      reservation.segment().set(JAVA_LONG, unit, 7);
      try {
        reservation.commit(0, reservation.size());
      } catch (SourceException e) {
        System.out.println(e.getMessage());
      }
      reservation.commit(0, unit);
      reservation.segment().set(JAVA_LONG, 0, 8);
      System.out.println(
          "still usable "
              + reservation.segment().get(JAVA_LONG, unit)
              + " "
              + reservation.segment().get(JAVA_LONG, 0));
    }
  }
}
