package org.ouroboros.allocator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How much memory the container of this process may use: the least of the limits of its control
 * groups, of version 1 or 2. Where there are none, or they cannot be read, there is no limit.
 */
final class MemoryLimit {

  private static final Path SELF = Path.of("/proc/self/cgroup");
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  /** Version 1 writes a number near the largest where there is no limit. */
  private static final long UNLIMITED = 1L << 60;

  private MemoryLimit() {}

  /** The limit of this process now, in bytes. */
  static OptionalLong read() {
    return read(SELF, MOUNT);
  }

  /** The same from other files, for tests. */
  static OptionalLong read(Path self, Path mount) {
    long least = UNLIMITED;
    try {
      // Lines are number:controllers:path; the number 0 is version 2's.
      for (String line : Files.readAllLines(self)) {
        String[] fields = line.split(":", 3);
        if (fields.length == 3 && fields[0].equals("0") && fields[1].isEmpty()) {
          least = Math.min(least, least(mount, fields[2], "memory.max"));
          least = Math.min(least, least(mount.resolve("unified"), fields[2], "memory.max"));
        } else if (fields.length == 3 && (',' + fields[1] + ',').contains(",memory,")) {
          Path memory = mount.resolve("memory");
          least = Math.min(least, least(memory, fields[2], "memory.limit_in_bytes"));
        }
      }
    } catch (IOException | RuntimeException e) {
      // No control groups, or none to be seen from here.
    }
    return least < UNLIMITED ? OptionalLong.of(least) : OptionalLong.empty();
  }

  /**
   * The least limit from the root to a group. Inside a container the path is often that of the host
   * and leads nowhere; the container's own limit then stands at the root.
   */
  private static long least(Path root, String group, String file) {
    long least = limit(root.resolve(file));
    Path at = root;
    for (String name : group.split("/", -1)) {
      if (!name.isEmpty() && !name.equals("..")) {
        at = at.resolve(name);
        least = Math.min(least, limit(at.resolve(file)));
      }
    }
    return least;
  }

  private static long limit(Path file) {
    try {
      String text = Files.isReadable(file) ? Files.readString(file).strip() : "max";
      return text.equals("max") ? UNLIMITED : Math.max(0, Long.parseLong(text));
    } catch (IOException | NumberFormatException e) {
      return UNLIMITED;
    }
  }
}
