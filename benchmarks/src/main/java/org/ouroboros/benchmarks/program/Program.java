package org.ouroboros.benchmarks.program;

import java.util.List;

/**
 * A program, written twice: on a heap of the collector's, and on Java objects. With what size it
 * has; the same program of another size is another one.
 */
interface Program {

  /** How it is called on the command line. */
  String name();

  /** What it does and what it makes hard, in a few words. */
  String question();

  /** What one operation is, in one word. */
  String operation();

  /** How much work it does. */
  Sizes sizes();

  /** What of its sizes it heeds, in words. */
  String size();

  /** Its name and size. */
  default String title() {
    return name() + ", " + size();
  }

  /** What can run it. */
  List<Subject> subjects();

  /**
   * Makes it ready to run on objects of a heap, for the calling thread.
   *
   * @param acyclic whether the type of its objects is declared to take no part in cycles
   */
  Task onHeap(boolean acyclic);

  /** Makes it ready to run on Java objects. */
  Task onJava();

  /** All of them, in the order of the tables. */
  static List<Program> all(Sizes sizes) {
    return List.of(new Trees(sizes), new Cycles(sizes), new Traversal(sizes), new Lru(sizes));
  }

  /**
   * One by its name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static Program of(String name, Sizes sizes) {
    return all(sizes).stream()
        .filter(program -> program.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown program '"
                        + name
                        + "'; known are "
                        + String.join(", ", all(sizes).stream().map(Program::name).toList())));
  }
}
