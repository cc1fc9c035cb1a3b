package org.ouroboros.benchmarks.replay;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells on the error output how far a run is: a bar that is redrawn where someone watches, a line
 * for each phase elsewhere. Any thread may call it.
 */
public final class Progress {

  private static final int WIDTH = 30;
  private static final boolean UNICODE =
      System.getProperty("stderr.encoding", "").toUpperCase(Locale.ROOT).startsWith("UTF");
  private static final String FULL = UNICODE ? "█" : "#";
  private static final String EMPTY = UNICODE ? "░" : ".";

  private final PrintWriter err;
  private final boolean terminal;
  private String phase = "";
  private double done;

  /**
   * Makes one that has said nothing yet.
   *
   * @param err where it tells
   * @param terminal whether someone watches, see {@link #isTerminal}
   */
  public Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /**
   * Whether a person watches this process. There is no console where the input is no terminal.
   *
   * @return true if so
   */
  @SuppressWarnings("SystemConsoleNull")
  public static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * Begins a phase.
   *
   * @param name in a word or two
   */
  public synchronized void phase(String name) {
    phase = name;
    done = 0;
    if (!terminal) {
      err.println(name);
      err.flush();
    }
    draw("");
  }

  /**
   * Says how far the phase is.
   *
   * @param fraction what is done of it, 0 to 1
   * @param what is being worked on
   */
  public synchronized void at(double fraction, String what) {
    done = Math.max(done, Math.min(1, fraction));
    draw(what);
  }

  /** Wipes the bar. */
  public synchronized void end() {
    if (terminal) {
      err.print("\r\033[K");
      err.flush();
    }
  }

  private void draw(String what) {
    if (terminal) {
      int filled = (int) Math.round(done * WIDTH);
      String bar = FULL.repeat(filled) + EMPTY.repeat(WIDTH - filled);
      err.printf("\r\033[K%-10s %s %3d %%  %s", phase, bar, Math.round(done * 100), what);
      err.flush();
    }
  }
}
