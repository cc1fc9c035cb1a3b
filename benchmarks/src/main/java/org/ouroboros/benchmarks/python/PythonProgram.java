package org.ouroboros.benchmarks.python;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an interpreter is to run.
 *
 * @param kind what {@code what} is
 * @param what source text, the name of a module, or a file
 * @param arguments what the program finds behind {@code sys.argv[0]}
 */
record PythonProgram(Kind kind, String what, List<String> arguments) {

  PythonProgram {
    arguments = List.copyOf(arguments);
  }

  /** Ways to name a program. */
  enum Kind {
    CODE("c"),
    MODULE("m"),
    FILE("f");

    private final String letter;

    Kind(String letter) {
      this.letter = letter;
    }
  }

  /**
   * The command line that CPython gets.
   *
   * @param home where it is installed; a program that starts other interpreters looks there
   */
  List<String> arguments(Path home) {
    List<String> all = new ArrayList<>();
    all.add(home.resolve("bin/python" + PythonLibrary.VERSION).toString());
    all.addAll(List.of("-c", "pass", kind.letter, what)); // start.py takes it from there
    all.addAll(arguments);
    return all;
  }
}
