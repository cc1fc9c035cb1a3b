package org.ouroboros.benchmarks.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The yardstick: the same traces replayed from C, each on a library that is put in malloc's place
 * by {@code LD_PRELOAD}. The program is compiled by the machine's own C compiler.
 */
final class Yardstick {

  private static final String SOURCE = "/c/replay.c";
  private static final int TIMED_REPLAYS = 3;
  private static final int MEMORY_REPLAYS = 1;

  /** Names of the subjects, and what files their library may have; none for libc. */
  private static final Map<String, List<String>> LIBRARIES = libraries();

  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib/aarch64-linux-gnu"),
          Path.of("/usr/lib64"),
          Path.of("/usr/lib"),
          Path.of("/usr/local/lib"));

  /** How the yardstick replays on one machine. */
  private final @Nullable Path program;

  private final Map<String, String> preload = new HashMap<>();
  private final List<Subject> subjects = new ArrayList<>();
  private final String obstacle;

  private Yardstick(@Nullable Path program, String obstacle) {
    this.program = program;
    this.obstacle = obstacle;
  }

  /** One that was not asked for. */
  static Yardstick none() {
    return new Yardstick(null, "");
  }

  /** Compiles the program into {@code scratch}; {@link #obstacle} says if that failed. */
  static Yardstick compile(Path scratch) throws IOException {
    Path source = scratch.resolve("replay.c");
    Path program = scratch.resolve("replay");
    try (InputStream in = Yardstick.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        return new Yardstick(null, "replay.c is missing in this build");
      }
      Files.copy(in, source);
    }
    try {
      List<String> command =
          List.of("cc", "-O2", "-pthread", "-o", program.toString(), source.toString(), "-lz");
      Output output = run(command, "");
      if (output.exitCode() != 0) {
        String first = output.text().lines().findFirst().orElse("no message");
        return new Yardstick(null, "cc cannot compile it (are zlib's headers there?): " + first);
      }
    } catch (IOException e) {
      return new Yardstick(null, "there is no C compiler called cc");
    }
    Yardstick yardstick = new Yardstick(program, "");
    yardstick.findLibraries();
    return yardstick;
  }

  private void findLibraries() {
    for (Map.Entry<String, List<String>> library : LIBRARIES.entrySet()) {
      String name = library.getKey();
      if (library.getValue().isEmpty()) {
        preload.put(name, "");
        subjects.add(new Subject(name, "malloc of the C library, called from C", kind()));
        continue;
      }
      find(library.getValue())
          .ifPresent(
              file -> {
                preload.put(name, file.toString());
                subjects.add(new Subject(name, file.getFileName() + ", called from C", kind()));
              });
    }
  }

  /** The libraries that were found, as allocators under test. */
  List<Subject> subjects() {
    return subjects;
  }

  /** Why there is no yardstick, in one line; empty if there is one or none was asked for. */
  String obstacle() {
    return obstacle;
  }

  /** Times a trace and adds the turn. */
  void time(TraceInput trace, Subject subject, boolean threads, Measurement cell)
      throws IOException {
    if (trace.calls() == 0 || cell.fault() != null) {
      return;
    }
    Map<String, Double> figures = replay(trace, subject, threads, 0, TIMED_REPLAYS, cell);
    Double median = figures.get("nsPerCallMedian");
    Double min = figures.get("nsPerCallMin");
    if (median != null && min != null) {
      cell.addTurn(new double[] {median}, min);
    }
  }

  /** Reads the memory of every trace on every library. */
  void memory(Results results, boolean threads) throws IOException {
    for (int t = 0; t < results.traces().size(); t++) {
      for (int s = 0; s < results.subjects().size(); s++) {
        TraceInput trace = results.traces().get(t);
        if (results.subjects().get(s).isYardstick() && trace.calls() > 0) {
          Measurement cell = results.get(t, s);
          Map<String, Double> figures =
              replay(trace, results.subjects().get(s), threads, 1, MEMORY_REPLAYS, cell);
          Double peak = figures.get("peakRssBytesFirst");
          if (peak != null) {
            cell.memory(peak.longValue(), Measurement.UNKNOWN, List.of());
          }
        }
      }
    }
  }

  private Map<String, Double> replay(
      TraceInput trace, Subject subject, boolean threads, int touch, int replays, Measurement cell)
      throws IOException {
    Path replay = program;
    if (replay == null) {
      return Map.of();
    }
    List<String> command = new ArrayList<>();
    command.add(replay.toString());
    command.add("--k=" + replays);
    command.add("--touch=" + touch);
    if (threads) {
      command.add("--threads");
    }
    command.add(trace.file().toString());
    Output output = run(command, preload.getOrDefault(subject.name(), ""));
    if (output.exitCode() != 0) {
      cell.fail(output.text().lines().findFirst().orElse("exit code " + output.exitCode()));
      return Map.of();
    }
    return figures(output.text());
  }

  private record Output(int exitCode, String text) {}

  private static Output run(List<String> command, String preload) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (!preload.isEmpty()) {
      builder.environment().put("LD_PRELOAD", preload);
    }
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      while (!process.waitFor(1, TimeUnit.SECONDS)) {
        // its output has ended, it will too
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return new Output(process.exitValue(), text);
  }

  private static Map<String, Double> figures(String json) throws IOException {
    Map<String, Double> figures = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          figures.put(parser.currentName(), parser.getDoubleValue());
        }
      }
    }
    return figures;
  }

  private static java.util.Optional<Path> find(List<String> names) {
    return FOLDERS.stream()
        .flatMap(folder -> names.stream().map(folder::resolve))
        .filter(Files::exists)
        .findFirst();
  }

  private static Subject.Kind kind() {
    return Subject.Kind.YARDSTICK;
  }

  private static Map<String, List<String>> libraries() {
    Map<String, List<String>> libraries = new LinkedHashMap<>();
    libraries.put("libc-c", List.of());
    libraries.put("mimalloc-c", List.of("libmimalloc.so.3", "libmimalloc.so.2", "libmimalloc.so"));
    libraries.put("jemalloc-c", List.of("libjemalloc.so.2", "libjemalloc.so"));
    libraries.put(
        "tcmalloc-c",
        List.of("libtcmalloc_minimal.so.4", "libtcmalloc.so.4", "libtcmalloc_minimal.so"));
    return libraries;
  }
}
