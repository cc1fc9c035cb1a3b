package org.ouroboros.allocator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.statistics.StatisticsException.Kind;
import org.ouroboros.allocator.statistics.StatisticsSnapshot.State;

/** The file itself: what is written is read, and what is no such file is told. */
class StatisticsFileTest {

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("a.stats");
  }

  private StatisticsSnapshot read() {
    return read(file());
  }

  private static StatisticsSnapshot read(Path file) {
    try (StatisticsReader reader = StatisticsReader.open(file)) {
      return reader.read();
    }
  }

  private static StatisticsException failure(Runnable action) {
    return catchThrowableOfType(StatisticsException.class, action::run);
  }

  private void patch(long at, byte... bytes) throws Exception {
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    }
  }

  private void cut(long size) throws Exception {
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  // ------------------------------------------------------------------- writing, reading

  @Test
  void shouldReadWhatWasWritten() {
    long before = System.currentTimeMillis();
    try (StatisticsWriter writer = StatisticsWriter.create(file(), 4)) {
      StatisticsEntry first = writer.add(EntryKind.ALLOCATOR, "first");
      StatisticsEntry second = writer.add(EntryKind.HEAP, "second");
      first.write(1, -1, Long.MAX_VALUE);
      first.write(4, 5, 6);
      writer.sampled();

      StatisticsSnapshot read = read();

      assertThat(read.pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(read.started())
          .isEqualTo(ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli());
      assertThat(read.sampled()).isBetween(before, System.currentTimeMillis());
      assertThat(read.state()).isEqualTo(State.RUNNING);
      assertThat(read.capacity()).isEqualTo(4);
      assertThat(read.dropped()).isZero();
      EntryReading one = read.entries().get(0);
      assertThat(one.kind()).isEqualTo(EntryKind.ALLOCATOR);
      assertThat(one.name()).isEqualTo("first");
      assertThat(one.id()).isEqualTo(1);
      assertThat(one.figures()).isEqualTo(3);
      assertThat(one.figure(AllocatorFigure.RESERVED_BYTES)).isEqualTo(6);
      assertThat(one.figure(3)).isEqualTo(AllocatorStats.UNKNOWN);
      assertThat(one.time()).isBetween(before, System.currentTimeMillis());
      assertThat(one.ended()).isFalse();
      assertThat(one.torn()).isFalse();
      EntryReading other = read.entries().get(1);
      assertThat(other.kind()).isEqualTo(EntryKind.HEAP);
      assertThat(other.id()).isEqualTo(2);
      assertThat(other.time()).isZero();
      assertThat(other.figures()).isZero();
      assertThat(second.isListed()).isTrue();
    }
  }

  @Test
  void shouldHaveTheLayoutThatIsWrittenDown() throws Exception {
    try (StatisticsWriter writer = StatisticsWriter.create(file(), 2)) {
      writer.add(EntryKind.HEAP, "x").write(7, 8);
    }

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(bytes.capacity()).isEqualTo(64 + 2 * 512);
    assertThat(new String(bytes.array(), 0, 8, StandardCharsets.US_ASCII)).isEqualTo("OUROSTAT");
    assertThat(bytes.getInt(8)).as("version").isEqualTo(1);
    assertThat(bytes.getInt(12)).as("header bytes").isEqualTo(64);
    assertThat(bytes.getLong(16)).as("pid").isEqualTo(ProcessHandle.current().pid());
    assertThat(bytes.getInt(32)).as("capacity").isEqualTo(2);
    assertThat(bytes.getInt(36)).as("entry bytes").isEqualTo(512);
    assertThat(bytes.getInt(40)).as("state").isEqualTo(2);
    assertThat(bytes.getInt(44)).as("used").isEqualTo(1);
    assertThat(bytes.getLong(64)).as("sequence").isEqualTo(4);
    assertThat(bytes.getInt(64 + 8)).as("kind").isEqualTo(2);
    assertThat(bytes.getInt(64 + 12)).as("state of the entry").isEqualTo(1);
    assertThat(bytes.getLong(64 + 16)).as("id").isEqualTo(1);
    assertThat(bytes.getInt(64 + 32)).as("bytes of the name").isEqualTo(1);
    assertThat(bytes.getInt(64 + 36)).as("figures").isEqualTo(2);
    assertThat(bytes.get(64 + 40)).as("name").isEqualTo((byte) 'x');
    assertThat(bytes.getLong(64 + 128)).isEqualTo(7);
    assertThat(bytes.getLong(64 + 136)).isEqualTo(8);
  }

  @Test
  void shouldKeepTheFileAndSayThatItEndedWhenItIsClosed() {
    StatisticsWriter writer = StatisticsWriter.create(file());
    StatisticsEntry entry = writer.add(EntryKind.ALLOCATOR, "a");
    entry.write(3);

    writer.close();
    entry.write(4);
    writer.close();

    assertThat(writer.isClosed()).isTrue();
    assertThat(read().state()).isEqualTo(State.ENDED);
    assertThat(read().entries().getFirst().figure(0)).isEqualTo(3);
  }

  @Test
  void shouldKeepTheLastFiguresWhenAnEntryEnds() {
    try (StatisticsWriter writer = StatisticsWriter.create(file())) {
      StatisticsEntry entry = writer.add(EntryKind.ALLOCATOR, "a");
      entry.write(3);
      entry.end();
      entry.end();
      entry.write(4);

      EntryReading read = read().entries().getFirst();

      assertThat(read.ended()).isTrue();
      assertThat(read.figure(0)).isEqualTo(3);
    }
  }

  @Test
  void shouldLetOnlyItsOwnerReadIt() throws Exception {
    StatisticsWriter.create(file()).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  // --------------------------------------------------------------------------- names

  @Test
  void shouldCutNamesBetweenCharactersWhenTheyAreTooLong() {
    // 2, 3 and 4 bytes a character, so that the limit of 88 falls into the middle of one.
    String two = "x" + "\u00e9".repeat(60);
    String three = "\u20ac".repeat(60);
    String four = "xx" + "\ud83d\udc0d".repeat(30);
    String exact = "y".repeat(88);
    try (StatisticsWriter writer = StatisticsWriter.create(file())) {
      for (String name : List.of(two, three, four, exact, exact + "z", "")) {
        writer.add(EntryKind.ALLOCATOR, name);
      }

      List<String> names = read().entries().stream().map(EntryReading::name).toList();

      assertThat(names)
          .containsExactly(
              two.substring(0, 1 + 43),
              three.substring(0, 29),
              four.substring(0, 2 + 2 * 21),
              exact,
              exact,
              "");
    }
  }

  // ------------------------------------------------------------------------- capacity

  @Test
  void shouldCountWhatHasNoRoomWhenThereAreTooManyEntries() {
    try (StatisticsWriter writer = StatisticsWriter.create(file(), 2)) {
      writer.add(EntryKind.ALLOCATOR, "a").write(1);
      writer.add(EntryKind.ALLOCATOR, "b").write(2);
      StatisticsEntry third = writer.add(EntryKind.ALLOCATOR, "c");
      third.write(3);
      third.end();
      writer.add(EntryKind.ALLOCATOR, "d");

      StatisticsSnapshot read = read();

      assertThat(third.isListed()).isFalse();
      assertThat(read.dropped()).isEqualTo(2);
      assertThat(read.entries()).extracting(EntryReading::name).containsExactly("a", "b");
      assertThat(read.entries()).extracting(e -> e.figure(0)).containsExactly(1L, 2L);
    }
  }

  @Test
  void shouldReuseTheEntryThatEndedFirstWhenThereIsNoOther() {
    try (StatisticsWriter writer = StatisticsWriter.create(file(), 3)) {
      StatisticsEntry first = writer.add(EntryKind.ALLOCATOR, "a");
      StatisticsEntry second = writer.add(EntryKind.ALLOCATOR, "b");
      first.write(1);
      second.write(2);
      second.end();
      first.end();
      writer.add(EntryKind.HEAP, "c").write(3);
      writer.add(EntryKind.HEAP, "d").write(4, 5);
      second.write(9); // its place is another's now

      StatisticsSnapshot read = read();

      assertThat(read.dropped()).isZero();
      assertThat(read.entries()).extracting(EntryReading::name).containsExactly("a", "d", "c");
      assertThat(read.entries()).extracting(EntryReading::id).containsExactly(1L, 4L, 3L);
      assertThat(read.entries()).extracting(e -> e.figure(0)).containsExactly(1L, 4L, 3L);
      assertThat(read.entries())
          .extracting(EntryReading::ended)
          .containsExactly(true, false, false);
    }
  }

  @Test
  void shouldRefuseWhatItHasNoRoomFor() {
    try (StatisticsWriter writer = StatisticsWriter.create(file())) {
      StatisticsEntry entry = writer.add(EntryKind.ALLOCATOR, "a");
      entry.write(new long[48]);

      assertThatIllegalArgumentException().isThrownBy(() -> entry.write(new long[49]));
      assertThat(read().entries().getFirst().figures()).isEqualTo(48);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> StatisticsWriter.create(file(), 0));
  }

  // ------------------------------------------------------------------- sequence lock

  @Test
  void shouldNeverReadHalfOfAWriteWhenTheOwnerWritesAllTheTime() throws Exception {
    try (StatisticsWriter writer = StatisticsWriter.create(file(), 1);
        StatisticsReader reader = StatisticsReader.open(file())) {
      StatisticsEntry entry = writer.add(EntryKind.ALLOCATOR, "a");
      entry.write(new long[48]);
      CountDownLatch begun = new CountDownLatch(1);
      Thread owner =
          Thread.ofPlatform()
              .start(
                  () -> {
                    long[] figures = new long[48];
                    for (long n = 1; !Thread.currentThread().isInterrupted(); n++) {
                      Arrays.fill(figures, n);
                      entry.write(figures);
                      begun.countDown();
                    }
                  });
      begun.await();
      try {
        long last = 0;
        for (int i = 0; i < 5_000; i++) {
          EntryReading read = reader.read().entries().getFirst();
          if (!read.torn()) {
            long first = read.figure(0);
            for (int f = 1; f < 48; f++) {
              assertThat(read.figure(f)).isEqualTo(first);
            }
            assertThat(first).isGreaterThanOrEqualTo(last);
            last = first;
          }
        }
        assertThat(last).isPositive();
      } finally {
        owner.interrupt();
        owner.join();
      }
    }
  }

  @Test
  void shouldSayThatFiguresMayBeTornWhenTheirOwnerDiedWritingThem() throws Exception {
    try (StatisticsWriter writer = StatisticsWriter.create(file())) {
      StatisticsEntry entry = writer.add(EntryKind.ALLOCATOR, "a");
      entry.write(5);
      patch(64, (byte) 5); // the sequence, 4 so far

      assertThat(read().entries().getFirst().torn()).isTrue();
      assertThat(read().entries().getFirst().figure(0)).isEqualTo(5);

      entry.write(6);

      assertThat(read().entries().getFirst().torn()).isFalse();
    }
  }

  @Test
  void shouldTrustNoNumberWhenAnEntryIsDamaged() throws Exception {
    try (StatisticsWriter writer = StatisticsWriter.create(file())) {
      writer.add(EntryKind.ALLOCATOR, "a").write(5);
      patch(64 + 32, (byte) -1, (byte) -1, (byte) -1, (byte) 0x7f); // bytes of the name
      patch(64 + 36, (byte) -1, (byte) -1, (byte) -1, (byte) 0x7f); // figures
      patch(44, (byte) -1, (byte) -1, (byte) -1, (byte) 0x7f); // entries used

      EntryReading read = read().entries().getFirst();

      assertThat(read.figures()).isEqualTo(48);
      assertThat(read.name()).startsWith("a");
      assertThat(read().entries()).hasSize(1);
    }
  }

  // ------------------------------------------------------------------------- failures

  @Test
  void shouldSayWhyWhenTheFileCannotBeMade() {
    Path nowhere = folder.resolve("no").resolve("such.stats");

    StatisticsException thrown = failure(() -> StatisticsWriter.create(nowhere));

    assertThat(thrown.kind()).isEqualTo(Kind.NOT_WRITABLE);
    assertThat(thrown).hasMessageContaining(nowhere.toString()).hasMessageContaining("folder");
  }

  @Test
  void shouldRefuseAndKeepWhatIsSomethingElse() throws Exception {
    for (String content :
        List.of("", "OURO", "something else, and longer than a header".repeat(3))) {
      Files.writeString(file(), content);

      assertThat(failure(() -> StatisticsWriter.create(file())).kind()).isEqualTo(Kind.FOREIGN);
      assertThat(failure(this::read).kind()).isEqualTo(Kind.FOREIGN);
      assertThat(file()).hasContent(content);
    }
    assertThat(failure(() -> StatisticsWriter.create(folder)).kind()).isEqualTo(Kind.NOT_READABLE);
  }

  @Test
  void shouldSayThatThereIsNoFile() {
    StatisticsException thrown = failure(this::read);

    assertThat(thrown.kind()).isEqualTo(Kind.NOT_READABLE);
    assertThat(thrown).hasMessageContaining(file().toString());
  }

  @Test
  void shouldSayThatItIsAFolder() throws Exception {
    Files.createDirectory(file());

    StatisticsException thrown = failure(this::read);

    assertThat(thrown.kind()).isEqualTo(Kind.NOT_READABLE);
    assertThat(thrown).hasMessageContaining("is a folder");
  }

  @Test
  void shouldRefuseAFileThatIsCutOff() throws Exception {
    StatisticsWriter.create(file(), 3).close();
    cut(64 + 3 * 512 - 1);

    assertThat(failure(this::read).kind()).isEqualTo(Kind.TRUNCATED);

    cut(40);

    assertThat(failure(this::read).kind()).isEqualTo(Kind.TRUNCATED);
  }

  @Test
  void shouldSayThatTheFileWasCutOffWhileItWasRead() throws Exception {
    StatisticsWriter.create(file(), 3).close();
    try (StatisticsReader reader = StatisticsReader.open(file())) {
      assertThat(reader.read().state()).isEqualTo(State.ENDED);
      cut(64);

      assertThat(failure(reader::read).kind()).isEqualTo(Kind.TRUNCATED);
    }
  }

  @Test
  void shouldStopWritingWhenTheFileIsCutOff() throws Exception {
    try (StatisticsWriter writer = StatisticsWriter.create(file(), 64)) {
      StatisticsEntry entry = writer.add(EntryKind.ALLOCATOR, "a");
      try (RandomAccessFile other = new RandomAccessFile(file().toFile(), "rw")) {
        other.setLength(0);
      }

      entry.write(1);
      writer.add(EntryKind.ALLOCATOR, "b").write(2);
      entry.end();

      assertThat(writer.isClosed()).isTrue();
      assertThat(file()).isEmptyFile();
    }
  }

  @Test
  void shouldRefuseAFileOfANewerVersion() throws Exception {
    StatisticsWriter.create(file(), 1).close();
    patch(8, (byte) 2);

    StatisticsException thrown = failure(this::read);

    assertThat(thrown.kind()).isEqualTo(Kind.NEWER_VERSION);
    assertThat(thrown).hasMessageContaining("version 2");
    assertThat(failure(() -> StatisticsWriter.create(file())).kind())
        .as("not ours to replace")
        .isEqualTo(Kind.NEWER_VERSION);
  }

  @Test
  void shouldRefuseAHeaderThatMakesNoSense() throws Exception {
    StatisticsWriter.create(file(), 1).close();
    patch(32, (byte) -1, (byte) -1, (byte) -1, (byte) -1); // capacity

    assertThat(failure(this::read).kind()).isEqualTo(Kind.FOREIGN);
  }

  @Test
  void shouldReplaceAFileOnlyWhenItsProcessHasEnded() throws Exception {
    try (StatisticsWriter writer = StatisticsWriter.create(file())) {
      writer.add(EntryKind.ALLOCATOR, "old");

      StatisticsException thrown = failure(() -> StatisticsWriter.create(file()));

      assertThat(thrown.kind()).isEqualTo(Kind.IN_USE);
      assertThat(thrown).hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    try (StatisticsWriter writer = StatisticsWriter.create(file())) {
      assertThat(read().entries()).isEmpty();
      assertThat(writer.file()).isEqualTo(file());
    }
  }

  @Test
  void shouldSayThatTheProcessDiedWhenItsIdIsAnothersNow() throws Exception {
    StatisticsWriter writer = StatisticsWriter.create(file());
    patch(24, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}); // began in 1970

    assertThat(read().state()).isEqualTo(State.DIED);

    writer.close();

    assertThat(read().state()).isEqualTo(State.ENDED);
  }

  @Test
  void shouldMakeTheFileAndStayInterruptedWhenTheThreadIs() {
    Thread.currentThread().interrupt();
    StatisticsWriter writer = StatisticsWriter.create(file());
    boolean interrupted = Thread.interrupted();
    writer.close();

    assertThat(interrupted).isTrue();
    assertThat(read().state()).isEqualTo(State.ENDED);
  }
}
