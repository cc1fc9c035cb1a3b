package org.ouroboros.benchmarks.micro;

import java.io.Console;
import java.io.PrintWriter;

/** Tells on a terminal how far the run is and how long it will take; silent elsewhere. */
final class BarsProgress {

  private static final String WIPE = "\r\033[K";
  private static final double NANOS = 1e9;

  private final PrintWriter err;
  private final boolean terminal;
  private final long begin = System.nanoTime();

  BarsProgress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Whether a person watches this process. There is no console where the input is no terminal. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  void at(int fork, int forks, String what) {
    if (terminal) {
      double seconds = (System.nanoTime() - begin) / NANOS;
      String left = fork == 0 ? "" : ", " + Math.round(seconds / fork * (forks - fork)) + " s left";
      err.printf("%s%3d %%%s  %s", WIPE, 100 * fork / forks, left, what);
      err.flush();
    }
  }

  void end() {
    if (terminal) {
      err.print(WIPE);
      err.flush();
    }
  }
}
