package org.ouroboros.collector.hprof;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.ouroboros.allocator.output.WholeFile;
import org.ouroboros.collector.HeapDumpException;
import org.ouroboros.collector.heap.ConfinedHeap;
import org.ouroboros.collector.inspect.Census;

/**
 * A dump of a heap: which ids there are and how large they are, and the order of the parts.
 *
 * <pre>
 *   1 .. limit - 1      objects: the ids that the heap has for them
 *   limit ..            classes and strings, the heap's own object, then arrays as they come
 * </pre>
 *
 * <p>Ids have four bytes where that is enough: tools then take a reference to be as large as in the
 * heap, and a header too.
 */
public final class HprofDump {

  /** Records are gathered in so many bytes. */
  private static final int BUFFER_BYTES = 256 << 10;

  private static final long MOST_SHORT_IDS = (1L << 32) - 1;

  private final ConfinedHeap heap;
  private final int leastIdBytes;
  private final int bufferBytes;

  private HprofDump(ConfinedHeap heap, int leastIdBytes, int bufferBytes) {
    this.heap = heap;
    this.leastIdBytes = leastIdBytes;
    this.bufferBytes = bufferBytes;
  }

  /**
   * Writes a dump. The heap is readable.
   *
   * @throws HeapDumpException if that is not possible
   */
  public static void write(ConfinedHeap heap, Path path) {
    write(heap, path, Integer.BYTES, BUFFER_BYTES);
  }

  /** The same with ids of 4 bytes, where that is enough, or 8; and with any buffer: for tests. */
  static void write(ConfinedHeap heap, Path path, int leastIdBytes, int bufferBytes) {
    HprofDump dump = new HprofDump(heap, leastIdBytes, bufferBytes);
    boolean before = heap.beginReadOnly();
    try {
      WholeFile.write(path, true, dump::write);
    } catch (TraversalFailedException e) {
      throw new HeapDumpException(heap.options().name(), path, message(e), e);
    } catch (IOException e) {
      throw new HeapDumpException(heap.options().name(), path, message(e), e);
    } finally {
      heap.endReadOnly(before);
    }
  }

  private static String message(IOException e) {
    String reason = e instanceof FileSystemException failure ? failure.getReason() : null;
    String text = reason != null ? reason : e.getMessage();
    return text == null || e instanceof FileSystemException && reason == null ? e.toString() : text;
  }

  private void write(WritableByteChannel channel) throws IOException {
    List<Census.Count> types = Census.of(heap);
    HprofClasses classes = new HprofClasses(types, heap.store().space.limit());
    int idBytes = leastIdBytes;
    if (classes.nextId() + arrays(types) > MOST_SHORT_IDS) {
      idBytes = Long.BYTES;
    }
    try (Arena arena = Arena.ofConfined()) {
      HprofOutput out = new HprofOutput(channel, arena.allocate(bufferBytes), idBytes);
      classes.write(out);
      new HprofObjects(heap, classes, out).write();
      out.end();
    }
  }

  private static long arrays(List<Census.Count> types) {
    long arrays = 2; // the heap's own object and its name
    for (Census.Count count : types) {
      arrays += count.objects() * TypePlan.arrays(count.info.type);
    }
    return arrays;
  }
}
