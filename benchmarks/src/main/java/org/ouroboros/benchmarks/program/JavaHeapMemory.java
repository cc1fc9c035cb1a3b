package org.ouroboros.benchmarks.program;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.ouroboros.benchmarks.replay.ProcStatus;
import org.ouroboros.benchmarks.replay.Smaps;

/**
 * What of this JVM's Java heap is resident, and nothing else: not the collector's own tables, not
 * compiled code, not the compilers.
 */
public final class JavaHeapMemory {

  /** {@code [0x00000000fe000000, 0x0000000100000000)}, or with one more address between. */
  private static final Pattern RANGE =
      Pattern.compile("\\[0x([0-9a-f]+)(?:, 0x[0-9a-f]+)?, 0x([0-9a-f]+)\\)");

  /** ZGC's heap is a file in memory. */
  private static final String ZGC = "java_heap";

  private JavaHeapMemory() {}

  /**
   * Reads it.
   *
   * @return bytes; {@link ProcStatus#UNKNOWN} if this JVM does not tell where its heap is
   * @throws IOException if the mappings cannot be read
   */
  public static long resident() throws IOException {
    long[] range = range();
    long resident =
        Smaps.resident(
            (begin, end, name) ->
                name.contains(ZGC)
                    || Long.compareUnsigned(begin, range[0]) >= 0
                        && Long.compareUnsigned(end, range[1]) <= 0);
    return resident == 0 ? ProcStatus.UNKNOWN : resident;
  }

  /** From the lowest address of a generation to the end of the highest; empty if none is told. */
  private static long[] range() {
    long[] range = {-1, 0};
    Matcher matcher = RANGE.matcher(info());
    while (matcher.find()) {
      long begin = Long.parseUnsignedLong(matcher.group(1), 16);
      long end = Long.parseUnsignedLong(matcher.group(2), 16);
      range[0] = Long.compareUnsigned(begin, range[0]) < 0 ? begin : range[0];
      range[1] = Long.compareUnsigned(end, range[1]) > 0 ? end : range[1];
    }
    return range;
  }

  private static String info() {
    try {
      return String.valueOf(
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcHeapInfo",
                  null,
                  null));
    } catch (JMException e) {
      return "";
    }
  }
}
