package org.ouroboros.allocator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory stands behind an address range now, as the kernel counts it. */
public final class ResidentSize {

  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");
  private static final Pattern RESIDENT = Pattern.compile("Rss: +([0-9]+) kB");

  private ResidentSize() {}

  /** Whether this operating system tells. */
  public static boolean isKnown() {
    return Files.isReadable(MAPPINGS);
  }

  /**
   * The resident bytes of all mappings that overlap a range. The kernel merges a mapping with its
   * neighbours where their protection is the same, and they are counted whole then.
   *
   * @param address where the range begins
   * @param bytes how long it is
   * @return bytes
   */
  public static long of(long address, long bytes) throws IOException {
    long resident = 0;
    boolean inside = false;
    for (String line : Files.readAllLines(MAPPINGS)) {
      Matcher mapping = MAPPING.matcher(line);
      Matcher rss = RESIDENT.matcher(line);
      if (mapping.matches()) {
        long begin = Long.parseUnsignedLong(mapping.group(1), 16);
        long end = Long.parseUnsignedLong(mapping.group(2), 16);
        inside =
            Long.compareUnsigned(begin, address + bytes) < 0
                && Long.compareUnsigned(address, end) < 0;
      } else if (inside && rss.matches()) {
        resident += Long.parseLong(rss.group(1)) << 10;
      }
    }
    return resident;
  }
}
