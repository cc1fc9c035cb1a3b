package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the traces that were asked for, decodes them, and writes their images. */
final class TraceLoader {

  private static final int MAX_THREADS = 4096;

  private final Path scratch;

  TraceLoader(Path scratch) {
    this.scratch = scratch;
  }

  /**
   * Loads traces.
   *
   * @param names files, or names of bundled traces; none for all of those
   * @throws IOException at the first that is no valid trace; the message is one line
   */
  List<TraceInput> load(List<String> names) throws IOException {
    List<String> wanted = names.isEmpty() ? BundledTraces.NAMES : names;
    List<Path> files = new ArrayList<>();
    for (String name : wanted) {
      files.add(Files.isRegularFile(Path.of(name)) ? Path.of(name) : bundled(name, files.size()));
    }
    List<TraceInput> inputs = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      inputs.add(load(files.get(i), wanted.get(i), scratch.resolve("trace-" + i + ".image")));
    }
    return inputs;
  }

  private Path bundled(String name, int index) throws IOException {
    if (Files.isDirectory(Path.of(name)) && !BundledTraces.has(name)) {
      throw new IOException(name + " is a folder, not a trace");
    }
    if (!BundledTraces.has(name)) {
      throw new IOException(
          "no trace "
              + name
              + ": no such file, and the bundled traces are "
              + String.join(", ", BundledTraces.NAMES));
    }
    Path folder = Files.createDirectory(scratch.resolve("bundled-" + index));
    return BundledTraces.copyTo(folder, name);
  }

  private static TraceInput load(Path file, String shown, Path image) throws IOException {
    String name = name(file);
    Trace trace;
    try (var bytes = Files.newInputStream(file)) {
      trace = TraceDecoder.decode(name, shown, bytes);
    } catch (TraceException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(shown + " cannot be read: " + e.getMessage(), e);
    }
    if (trace.threads() > MAX_THREADS) {
      throw new IOException(shown + " has more than " + MAX_THREADS + " threads");
    }
    long peak = trace.header().peakLiveBytes();
    if (peak > MachineFacts.availableMemory() / 2) {
      throw new IOException(
          shown
              + " has "
              + Figures.mebibytes(peak)
              + " MiB live at its peak, more than half of this machine's free memory");
    }
    TraceImage.write(trace, image);
    return new TraceInput(name, trace.header(), trace.callCount(), trace.threads(), image, file);
  }

  private static String name(Path file) {
    Path last = file.getFileName();
    String name = BundledTraces.strip(last == null ? "trace" : last.toString());
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }
}
