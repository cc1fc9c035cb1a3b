package org.ouroboros.allocator.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are there with all of their content, or not at all. */
class WholeFileTest {

  @TempDir Path directory;

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private void checkOnly(Path... files) throws IOException {
    try (var list = Files.list(directory)) {
      assertThat(list).containsExactlyInAnyOrder(files);
    }
  }

  @Test
  void newAndReplaced() throws IOException {
    Path path = directory.resolve("file");
    WholeFile.write(path, false, channel -> channel.write(bytes("one")));
    assertThat(path).hasContent("one");
    WholeFile.write(path, true, channel -> channel.write(bytes("2")));
    assertThat(path).hasContent("2");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    checkOnly(path);
  }

  @Test
  void failuresLeaveWhatWasThere() throws IOException {
    Path path = directory.resolve("file");
    for (boolean secret : new boolean[] {false, true}) {
      assertThatThrownBy(
              () ->
                  WholeFile.write(
                      path,
                      secret,
                      channel -> {
                        channel.write(bytes("half"));
                        throw new IOException("full");
                      }))
          .hasMessage("full");
      checkOnly();
    }
    Files.writeString(path, "former");
    assertThatThrownBy(
            () ->
                WholeFile.write(
                    path,
                    false,
                    channel -> {
                      channel.write(bytes("half"));
                      throw new IllegalStateException("thrown");
                    }))
        .hasMessage("thrown");
    checkOnly(path);
    assertThat(path).hasContent("former");
  }

  @Test
  void onlyRegularFilesAreReplaced() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "former");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertThatThrownBy(() -> WholeFile.write(directory, false, channel -> {}))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("no regular file");
    assertThatThrownBy(() -> WholeFile.write(Path.of("/"), false, channel -> {}))
        .isInstanceOf(FileSystemException.class);
    WholeFile.write(link, false, channel -> channel.write(bytes("new")));
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
    checkOnly(file, link);
  }
}
