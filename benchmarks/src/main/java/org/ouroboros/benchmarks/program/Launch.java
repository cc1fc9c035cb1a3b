package org.ouroboros.benchmarks.program;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How each program is started on each subject. The Java heap of a twin is twice what it keeps
 * alive, which is measured first, for each collector and header size, in a JVM with the default
 * limit; but for {@link Subject#G1_DEFAULT}, which takes what it likes.
 */
final class Launch {

  /** JVMs do not start with much less, and have a mebibyte or two of their own in it. */
  private static final long LEAST_HEAP_MIB = 16;

  private static final double MEBIBYTE = 1 << 20;

  private final Peers peers;
  private final List<String> moreFlags;
  private final Map<String, List<String>> flags = new HashMap<>();

  Launch(Peers peers, List<String> moreFlags) {
    this.peers = peers;
    this.moreFlags = List.copyOf(moreFlags);
  }

  /** Whether a program can be run on a subject. */
  boolean isPossible(Program program, Subject subject) {
    return hasJvm(subject) || !peers.command(program, subject).isEmpty();
  }

  private static boolean hasJvm(Subject subject) {
    return subject.isOurs() || subject.kind() == Subject.Kind.JAVA;
  }

  /** Chooses the flags of a subject's JVM for a program; for a twin this takes a run. */
  void choose(Program program, Subject subject) throws IOException {
    List<String> all = new ArrayList<>(subject.flags());
    all.addAll(moreFlags);
    if (subject.isLimited()) {
      List<String> command = ProgramFork.jvm(all, ProgramWorker.LIVE, program, subject);
      long live = Long.parseLong(ProgramFork.words(command, what(program, subject))[0]);
      all.add(0, "-Xmx" + heapMib(live) + "m");
    }
    flags.put(what(program, subject), all);
  }

  /** Twice what is alive, rounded up. */
  static long heapMib(long liveBytes) {
    return Math.max(LEAST_HEAP_MIB, (long) Math.ceil(2 * liveBytes / MEBIBYTE));
  }

  /** The flags that were chosen; none if there is no JVM. */
  List<String> flags(Program program, Subject subject) {
    return flags.getOrDefault(what(program, subject), List.of());
  }

  /** Runs a program on a subject. */
  Run run(Program program, Subject subject) throws IOException {
    String what = what(program, subject);
    if (hasJvm(subject)) {
      return ProgramFork.run(
          ProgramFork.jvm(flags(program, subject), ProgramWorker.RUN, program, subject), what);
    }
    List<String> command = new ArrayList<>(peers.command(program, subject));
    Sizes sizes = program.sizes();
    command.add(Integer.toString(program instanceof Trees ? sizes.depth() : sizes.loops()));
    return ProgramFork.run(command, what);
  }

  private static String what(Program program, Subject subject) {
    return program.title() + " on " + subject.label();
  }
}
