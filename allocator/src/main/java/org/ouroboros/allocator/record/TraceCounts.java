package org.ouroboros.allocator.record;

/**
 * What the header of a trace says of its events, counted while they are written.
 *
 * <p>Thread rule: the writer's.
 */
final class TraceCounts {

  private static final String[] KEYS = {"mallocs", "callocs", "aligned", "reallocs", "frees"};

  private final long[] ofOpcode = new long[6];
  private final long[] histogram = new long[EventWord.ADDRESS_BITS + 2];
  private long threads;
  private long liveBytes;
  private long liveBlocks;
  private long peakBytes;
  private long peakBlocks;

  void created(int opcode, long size) {
    ofOpcode[opcode]++;
    peakBlocks = Math.max(peakBlocks, ++liveBlocks);
    sized(size, size);
  }

  void resized(long oldSize, long size) {
    ofOpcode[EventWord.RESIZING]++;
    sized(size, size - oldSize);
  }

  void freed(long size) {
    ofOpcode[EventWord.FREE]++;
    liveBlocks--;
    liveBytes -= size;
  }

  void threadSwitched() {
    ofOpcode[5]++;
  }

  /** Gives the next thread its number. */
  int newThread() {
    return (int) threads++;
  }

  private void sized(long size, long difference) {
    histogram[size <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(size - 1)]++;
    liveBytes += difference;
    peakBytes = Math.max(peakBytes, liveBytes);
  }

  long events() {
    long events = 0;
    for (long count : ofOpcode) {
      events += count;
    }
    return events;
  }

  /** The numbers of the header as members of a JSON object, without braces. */
  String json() {
    StringBuilder json = new StringBuilder(512);
    json.append("\"events\":").append(events());
    for (int i = 0; i < KEYS.length; i++) {
      number(json, KEYS[i], ofOpcode[i]);
    }
    number(json, "threads", threads);
    number(json, "peakLiveBytes", peakBytes);
    number(json, "peakLiveBlocks", peakBlocks);
    number(json, "endLiveBlocks", liveBlocks);
    json.append(",\"sizeHistogram\":{");
    String separator = "";
    for (int i = 0; i < histogram.length; i++) {
      if (histogram[i] != 0) {
        json.append(separator).append('"').append(1L << i).append("\":").append(histogram[i]);
        separator = ",";
      }
    }
    return json.append('}').toString();
  }

  private static void number(StringBuilder json, String key, long value) {
    json.append(",\"").append(key).append("\":").append(value);
  }
}
