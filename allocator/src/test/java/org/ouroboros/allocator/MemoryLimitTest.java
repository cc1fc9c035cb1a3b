package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {

  private static final long MIB = 1 << 20;

  @TempDir private Path root;

  @Test
  void shouldReadVersionTwoAndTakeTheLeastOfAllGroupsAbove() throws IOException {
    Path self = file("self", "0::/outer/inner");
    file("mount/outer/memory.max", 256 * MIB + "\n");
    file("mount/outer/inner/memory.max", "max\n");
    assertThat(limit(self)).hasValue(256 * MIB);
    file("mount/outer/inner/memory.max", "" + 64 * MIB);
    assertThat(limit(self)).hasValue(64 * MIB);
    file("mount/memory.max", "" + MIB);
    assertThat(limit(self)).hasValue(MIB);
  }

  @Test
  void shouldReadVersionOneWhichSaysUnlimitedWithANumber() throws IOException {
    Path self = file("self", "5:cpu,cpuacct:/x\n4:memory:/box\n0::/\n");
    file("mount/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(limit(self)).isEmpty();
    file("mount/memory/box/memory.limit_in_bytes", 64 * MIB + "\n");
    assertThat(limit(self)).hasValue(64 * MIB);
  }

  @Test
  void shouldFindTheContainersOwnLimitWhenThePathIsTheHosts() throws IOException {
    Path self = file("self", "0::/../../docker/abc");
    file("mount/memory.max", "" + 64 * MIB);
    assertThat(limit(self)).hasValue(64 * MIB);
  }

  @Test
  void shouldKnowNoLimitWhenNothingCanBeRead() throws IOException {
    assertThat(limit(root.resolve("nowhere"))).isEmpty();
    assertThat(limit(file("self", "nonsense\n0::/a\n7:memory\n"))).isEmpty();
    file("mount/memory.max", "lots");
    assertThat(limit(root.resolve("self"))).isEmpty();
  }

  @Test
  void shouldReserveLittleWhereLittleMayBeUsed() {
    long usual = 256L << 30;
    assertThat(Reservations.defaultBytes(usual, OptionalLong.empty())).isEqualTo(usual);
    assertThat(Reservations.defaultBytes(usual, OptionalLong.of(1L << 40))).isEqualTo(usual);
    assertThat(Reservations.defaultBytes(usual, OptionalLong.of(64 * MIB))).isEqualTo(256 * MIB);
    assertThat(Reservations.defaultBytes(usual, OptionalLong.of(0))).isEqualTo(64 * MIB);
    assertThat(Reservations.defaultBytes(usual, OptionalLong.of(64 * MIB + 1)) % 65536).isZero();
  }

  private OptionalLong limit(Path self) {
    return MemoryLimit.read(self, root.resolve("mount"));
  }

  private Path file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
