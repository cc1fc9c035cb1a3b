package org.ouroboros.allocator.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.trace.SnapshotException.Kind;

/** Files that are not what they should be are told apart, and none is lost. */
class SnapshotFileTest {

  @TempDir private Path folder;

  private static Snapshot sample() {
    Snapshot.Builder builder = new Snapshot.Builder(2, 100);
    Traceback stack =
        new Traceback(
            java.util.List.of(Frame.of("a.B", "c", "B.java", 3), Frame.of("ü", "", null, -1)),
            OptionalInt.of(9));
    builder.add(new Trace(1, 16, 20, 5.5, stack));
    builder.add(new Trace(99, -1, Long.MAX_VALUE, 1, Traceback.UNKNOWN));
    return builder.build();
  }

  private void assertRefused(byte[] bytes, Kind kind) throws Exception {
    Path file = folder.resolve("x");
    Files.write(file, bytes);
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> Snapshot.load(file))
        .withMessageContaining(file.toString())
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void shouldTellWhatIsWrong() throws Exception {
    Path file = folder.resolve("good");
    sample().dump(file);
    assertThat(Snapshot.load(file).traces()).isEqualTo(sample().traces());
    assertThat(Snapshot.load(file).sampleBytes()).isEqualTo(100);
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length++) {
      assertRefused(Arrays.copyOf(good, length), Kind.TRUNCATED);
    }
    assertRefused(Arrays.copyOf(good, good.length + 1), Kind.DAMAGED);
    assertRefused(
        "a text that is no snapshot".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        Kind.FOREIGN);
    for (int i = 20; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 4;
      assertRefused(bad, Kind.DAMAGED);
    }
    byte[] later = good.clone();
    later[11] = 3;
    assertRefused(later, Kind.VERSION);
    later[11] = 0;
    assertRefused(later, Kind.VERSION);
  }

  /** A file as version 1 had it, which knew nothing of the whole stack; or of today's version. */
  private static byte[] file(int version, int... total) {
    ByteBuffer body = ByteBuffer.allocate(200);
    body.putInt(1).putLong(0);
    body.putInt(1).putInt(1).put((byte) 'a'); // one string
    body.putInt(1).putInt(1); // one stack of one frame
    for (int one : total) {
      body.putInt(one);
    }
    body.putInt(0).putInt(7).putInt(0).putInt(0);
    body.putInt(1).putInt(1).putLong(16).putLong(20).putDouble(1).putInt(0); // one trace
    CRC32C crc = new CRC32C();
    crc.update(body.array(), 0, body.position());
    ByteBuffer file = ByteBuffer.allocate(24 + body.position());
    file.put("OUROSNAP".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    file.putInt(version).putLong(body.position());
    file.put(body.array(), 0, body.position()).putInt((int) crc.getValue());
    return file.array();
  }

  @Test
  void shouldNotReadAnEndlessFile() {
    Path endless = Path.of("/dev/zero");
    assumeTrue(Files.exists(endless));
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> Snapshot.load(endless))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FOREIGN));
  }

  @Test
  void shouldReplaceTheFileBehindALinkAndNothingElse() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    sample().dump(link);
    assertThat(link).isSymbolicLink();
    assertThat(Snapshot.load(file).traces()).isEqualTo(sample().traces());
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("file", "link");
  }

  @Test
  void shouldReadTheVersionWithoutTotals() throws Exception {
    Path file = folder.resolve("old");
    Files.write(file, file(1));
    java.util.List<Trace> old = Snapshot.load(file).traces();
    Traceback stack = new Traceback(java.util.List.of(new Frame("a", 7, "a", "a")));
    assertThat(old).containsExactly(new Trace(1, 16, 20, 1, stack));
    Files.write(file, file(2, -1));
    assertThat(Snapshot.load(file).traces()).isEqualTo(old);
    Files.write(file, file(2, 5));
    assertThat(Snapshot.load(file).traces().getFirst().traceback().totalFrames()).hasValue(5);
    assertRefused(file(2, 0), Kind.DAMAGED);
    assertRefused(file(2, -2), Kind.DAMAGED);
    assertRefused(file(1, 1), Kind.DAMAGED);
  }

  @Test
  void shouldKeepTheOldFileWhenTheNewCannotBeWritten() throws Exception {
    Path missing = folder.resolve("no-such-folder").resolve("x");
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> sample().dump(missing))
        .withMessageContaining("no-such-folder")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNREADABLE));
    Path folderInstead = Files.createDirectories(folder.resolve("taken").resolve("inside"));
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> sample().dump(folderInstead.getParent()));
    assertThat(folder.toFile().list()).containsExactly("taken");
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> Snapshot.load(missing))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNREADABLE));
  }

  /** Random calls against sums by hand. */
  @Property(tries = 60)
  void shouldAgreeWithAModel(@ForAll int[] steps) {
    try (TracingAllocator traced = TracingAllocator.wrap(OuroborosAllocator.create())) {
      var model = new java.util.LinkedHashMap<Long, Long>();
      long peak = 0;
      for (int step : steps) {
        int size = (step >>> 3) % 100_000;
        Long some = model.isEmpty() ? null : model.keySet().iterator().next();
        switch (step & 3) {
          case 0 -> model.put(traced.malloc(size), (long) size);
          case 1 -> model.put(traced.alignedAlloc(256, size), (long) size);
          case 2 -> {
            if (some != null) {
              model.remove(some);
              model.put(traced.realloc(some, size), (long) size);
            }
          }
          default -> {
            if (some != null) {
              traced.free(some);
              model.remove(some);
            }
          }
        }
        long sum = model.values().stream().mapToLong(one -> one).sum();
        peak = Math.max(peak, sum);
        assertThat(traced.tracedMemory()).isEqualTo(new TracedMemory(sum, peak, 0));
      }
      assertThat(traced.snapshot().traces()).hasSize(model.size());
      for (Trace trace : traced.snapshot().traces()) {
        assertThat(model).containsEntry(trace.address(), trace.size());
      }
    }
  }
}
