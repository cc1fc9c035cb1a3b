package org.ouroboros.benchmarks.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.benchmarks.replay.TraceException.Place;

class TraceDecoderTest {

  @Test
  void shouldDecodeTheExampleOfTheDescription() throws IOException {
    byte[] events = {
      0x00,
      0x18,
      0x02,
      0x06,
      (byte) 0x80,
      0x02,
      0x03,
      0x02,
      (byte) 0xac,
      0x02,
      0x05,
      0x01,
      0x04,
      0x01,
      0x01,
      (byte) 0x80,
      0x01,
      0x05,
      0x00,
      0x04,
      0x03
    };
    byte[] stream = TraceBuilder.example().stream();
    assertThat(Arrays.copyOfRange(stream, stream.length - events.length, stream.length))
        .isEqualTo(events);

    Trace trace = TraceBuilder.example().decode();

    assertThat(trace.callCount()).isEqualTo(6);
    assertThat(Arrays.copyOf(trace.calls(), 6))
        .containsExactly(
            Call.pack(Call.MALLOC, 0),
            Call.pack(Call.ALIGNED, 1),
            Call.pack(Call.REALLOC, 0),
            Call.pack(Call.FREE, 1),
            Call.pack(Call.CALLOC, 1),
            Call.pack(Call.FREE, 0));
    assertThat(Arrays.copyOf(trace.sizes(), 6))
        .containsExactly(24, Call.packAligned(6, 256), 300, 0, 128, 0);
    assertThat(trace.slotCount()).isEqualTo(2);
    assertThat(trace.threads()).isEqualTo(2);
    assertThat(trace.switchCall()).containsExactly(3, 5);
    assertThat(trace.switchTo()).containsExactly(1, 0);
    assertThat(trace.peakCall()).isEqualTo(2);
    assertThat(new long[] {trace.eventOf(2), trace.eventOf(3), trace.eventOf(5)})
        .containsExactly(2, 4, 7);
  }

  @Test
  void shouldGiveEachBlockItsOwnSlotWhereThreadsNeedIt() throws IOException {
    CallTable table = CallTable.byBlock(TraceBuilder.example().decode());
    assertThat(table.slots()).isEqualTo(3);
    assertThat(Arrays.stream(table.calls()).map(Call::slot)).containsExactly(0, 1, 0, 1, 2, 0);
  }

  @Test
  void shouldComeBackFromItsImageAsItWas(@TempDir Path folder) throws IOException {
    Trace trace = TraceBuilder.example().decode();
    Path file = folder.resolve("image");
    TraceImage.write(trace, file);
    Trace back = TraceImage.read(file);
    assertThat(back.name()).isEqualTo("test");
    assertThat(back.calls()).isEqualTo(Arrays.copyOf(trace.calls(), 6));
    assertThat(back.sizes()).isEqualTo(Arrays.copyOf(trace.sizes(), 6));
    assertThat(back.switchCall()).isEqualTo(trace.switchCall());
    assertThat(back.switchTo()).isEqualTo(trace.switchTo());
    assertThat(back.slotCount()).isEqualTo(2);
    assertThat(back.peakCall()).isEqualTo(2);
    assertThat(back.header().peakLiveBytes()).isEqualTo(556);
  }

  @Test
  void shouldDecodeATraceWithoutEvents() throws IOException {
    Trace trace = new TraceBuilder().decode();
    assertThat(trace.callCount()).isZero();
    assertThat(trace.threads()).isEqualTo(1);
    assertThat(new TraceBuilder().header("threads", 0).decode().threads()).isEqualTo(1);
  }

  @Test
  void shouldAcceptSeveralGzipMembersInARow() throws IOException {
    byte[] stream = TraceBuilder.example().stream();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(TraceBuilder.gzip(Arrays.copyOf(stream, 20)));
    file.writeBytes(TraceBuilder.gzip(Arrays.copyOfRange(stream, 20, stream.length)));
    assertThat(TraceBuilder.decode(file.toByteArray()).callCount()).isEqualTo(6);
  }

  @Test
  void shouldNameTheByteOfAnEventThatBreaksARule() {
    fault(new TraceBuilder().malloc(1), b -> b.raw(6, 1), "unknown opcode 6");
    fault(new TraceBuilder().malloc(1), b -> b.raw(0xff, 0x7f), "unknown opcode 16383");
    fault(new TraceBuilder().malloc(1), b -> b.free(0), "back reference 0");
    fault(new TraceBuilder().malloc(1), b -> b.free(2), "back reference 2, but 1 blocks");
    fault(new TraceBuilder().malloc(1).free(1), b -> b.free(1), "block 0, which is not live");
    fault(new TraceBuilder().malloc(1).free(1), b -> b.realloc(1, 2), "block 0, which is not live");
    fault(new TraceBuilder().malloc(1), b -> b.realloc(1, 0), "realloc to size 0");
    fault(new TraceBuilder().malloc(1), b -> b.thread(0), "thread switch to the acting thread 0");
    fault(new TraceBuilder().malloc(1), b -> b.thread(2), "thread 2 appears before thread 1");
    fault(new TraceBuilder().malloc(1), b -> b.aligned(41, 8), "an alignment of 2^41");
    fault(new TraceBuilder().malloc(1), b -> b.malloc(1L << 62), "a block of " + (1L << 62));
    fault(new TraceBuilder().malloc(1), b -> b.raw(0), "cut short inside an event");
    fault(new TraceBuilder().malloc(1), b -> b.raw(0, 0x80), "cut short inside an event");
    fault(
        new TraceBuilder().malloc(1),
        b -> b.raw(0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
        "a number of more than 63 bits");
    fault(new TraceBuilder().malloc(1L << 46).malloc(1L << 46), b -> b.malloc(1), "2^47 bytes");
  }

  @Test
  void shouldRefuseAHeaderThatDoesNotAgreeWithTheEvents() {
    for (String key :
        new String[] {
          "events",
          "mallocs",
          "callocs",
          "aligned",
          "reallocs",
          "frees",
          "threads",
          "peakLiveBytes",
          "peakLiveBlocks",
          "endLiveBlocks"
        }) {
      TraceBuilder builder = TraceBuilder.example().header(key, 99);
      assertThat(fault(builder.gzip()))
          .hasMessageContaining("the header says " + key + " 99, but the events give ");
    }
    assertThat(fault(TraceBuilder.example().header("events", Long.MAX_VALUE).gzip()).offset())
        .isEqualTo(TraceBuilder.example().header("events", Long.MAX_VALUE).offset());
  }

  @Test
  void shouldRefuseWhatFollowsTheLastEvent() {
    TraceBuilder builder = TraceBuilder.example();
    long end = builder.offset();
    TraceException e = fault(builder.raw(0, 1).gzip());
    assertThat(e).hasMessageContaining("something follows the last");
    assertThat(e.offset()).isEqualTo(end);
    assertThat(e.place()).isEqualTo(Place.STREAM);
  }

  @Test
  void shouldRefuseAHeaderThatIsNone() {
    header("", "cut short inside the header", false);
    header("[]", "the header is no JSON object", true);
    header("{\"events\":1", "the header is no JSON", true);
    header("{\"events\":\"many\"}", "no number \"events\"", true);
    header("{\"events\":-1}", "the header says events -1", true);
    header("{\"events\":1e3}", "no number \"events\"", true);
    header("{\"events\":99999999999999999999}", "the header is no JSON", true);
    header("{\"x\":" + "[".repeat(500_000), "the header is no JSON", true);
    header("{\"x\":\"" + "y".repeat(2_000_000) + "\"}", "the header line has no end", false);
  }

  @Test
  void shouldRefuseWhatIsNoTrace() {
    assertThat(fault(TraceBuilder.gzip("MTRACE2\n{}\n".getBytes(UTF_8))))
        .hasMessage(
            "test.mtrace.gz: byte 6 of the decompressed stream: not a trace: no line MTRACE1");
    assertThat(fault(TraceBuilder.gzip(new byte[0])).offset()).isZero();
    assertThat(fault("MTRACE1\n".getBytes(UTF_8)))
        .hasMessage("test.mtrace.gz: byte 0 of the file: not a gzip file");
    assertThat(fault(new byte[0])).hasMessageContaining("byte 0 of the file: the file is empty");
  }

  @Test
  void shouldNameTheByteOfTheFileWhereGzipIsBroken() {
    byte[] gzip = TraceBuilder.example().gzip();
    TraceException cut = fault(Arrays.copyOf(gzip, gzip.length - 9));
    assertThat(cut).hasMessageContaining("cut short");
    assertThat(cut.place()).isEqualTo(Place.FILE);
    assertThat(cut.offset()).isEqualTo(gzip.length - 9);

    TraceException followed = fault(Arrays.copyOf(gzip, gzip.length + 1));
    assertThat(followed).hasMessageContaining("something follows the gzip data");
    assertThat(followed.offset()).isEqualTo(gzip.length);

    byte[] wrong = gzip.clone();
    wrong[gzip.length - 8] ^= 1;
    assertThat(fault(wrong)).hasMessageContaining("wrong checksum");
    assertThat(fault(wrong).offset()).isEqualTo(gzip.length - 8);
  }

  private interface Addition {
    TraceBuilder to(TraceBuilder builder);
  }

  /** The fault lies at the event that is added. */
  private static void fault(TraceBuilder builder, Addition addition, String message) {
    builder.header("events", 99);
    long at = builder.offset();
    TraceException e = fault(addition.to(builder).header("events", 99).gzip());
    assertThat(e).hasMessageContaining(message);
    assertThat(e.getMessage()).startsWith("test.mtrace.gz: byte " + at + " of the decompressed");
    assertThat(e.getMessage().lines()).hasSize(1);
    assertThat(e.offset()).isEqualTo(at);
    assertThat(e.place()).isEqualTo(Place.STREAM);
  }

  private static void header(String line, String message, boolean ended) {
    byte[] stream = (TraceBuilder.MAGIC + line + (ended ? "\n" : "")).getBytes(UTF_8);
    TraceException e = fault(TraceBuilder.gzip(stream));
    assertThat(e).hasMessageContaining(message);
    assertThat(e.getMessage().lines()).hasSize(1);
    assertThat(e.place()).isEqualTo(Place.STREAM);
  }

  private static TraceException fault(byte[] gzip) {
    return catchThrowableOfType(TraceException.class, () -> TraceBuilder.decode(gzip));
  }
}
