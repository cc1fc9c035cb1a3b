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

  private static final long MOST_SHORT_IDS = (1L << 32) - 1;

  private final ConfinedHeap heap;
  private final Form form;

  private HprofDump(ConfinedHeap heap, Form form) {
    this.heap = heap;
    this.form = form;
  }

  /**
   * What could be otherwise.
   *
   * @param leastIdBytes 4 or 8; 8 is taken where 4 are not enough
   * @param bufferBytes records are gathered in so many
   * @param mostFields how many a class may have; a type with more has classes above its own
   */
  record Form(int leastIdBytes, int bufferBytes, int mostFields) {

    /** Of fields, as many as tools read of a number of two bytes. */
    static final Form USUAL = new Form(Integer.BYTES, 256 << 10, 32_767);
  }

  /**
   * Writes a dump. The heap is readable.
   *
   * @throws HeapDumpException if that is not possible
   */
  public static void write(ConfinedHeap heap, Path path) {
    write(heap, path, Form.USUAL);
  }

  /** The same in another form: for tests. */
  static void write(ConfinedHeap heap, Path path, Form form) {
    HprofDump dump = new HprofDump(heap, form);
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
    HprofClasses classes = new HprofClasses(types, heap.store().space.limit(), form.mostFields());
    int idBytes = form.leastIdBytes();
    if (classes.nextId() + arrays(types) > MOST_SHORT_IDS) {
      idBytes = Long.BYTES;
    }
    try (Arena arena = Arena.ofConfined()) {
      HprofOutput out = new HprofOutput(channel, arena.allocate(form.bufferBytes()), idBytes);
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
