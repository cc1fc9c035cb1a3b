package org.ouroboros.benchmarks.faq;

import java.util.List;

/** A stop of the tour: something that is said of memory, and a program that shows it. */
interface Stop {

  /** How it is called on the command line. */
  String label();

  /** What it is about, as a heading. */
  String title();

  /** What there is to say, in plain words; paragraphs are set apart by empty lines. */
  String text();

  /** The classes, of this package, whose marked lines are the code that is shown. */
  List<String> sources();

  /**
   * Runs the program.
   *
   * @param out what it says
   * @throws SkippedException if this machine lacks something that is needed
   * @throws Exception if it does not go as the text says
   */
  void run(Transcript out) throws Exception;

  /** Something is missing here; the message says what, and the cure. */
  final class SkippedException extends Exception {

    private static final long serialVersionUID = 1L;

    SkippedException(String message) {
      super(message);
    }
  }
}
