package org.ouroboros.benchmarks.program;

import java.util.List;

/** A program, written twice: on a heap of the collector's, and on Java objects. */
interface Program {

  /** How it is called on the command line. */
  String name();

  /** What it does and what it makes hard, in a few words. */
  String question();

  /** What one operation is, in one word. */
  String operation();

  /** What of {@code sizes} it heeds, in words. */
  String size(Sizes sizes);

  /** What can run it. */
  List<Subject> subjects();

  /**
   * Makes it ready to run on objects of a heap, for the calling thread.
   *
   * @param acyclic whether the type of its objects is declared to take no part in cycles
   */
  Task onHeap(Sizes sizes, boolean acyclic);

  /** Makes it ready to run on Java objects. */
  Task onJava(Sizes sizes);

  /** All of them, in the order of the tables. */
  static List<Program> all() {
    return List.of(new Trees(), new Cycles(), new Traversal(), new Lru());
  }

  /**
   * One by its name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  static Program of(String name) {
    return all().stream()
        .filter(program -> program.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown program '"
                        + name
                        + "'; known are "
                        + String.join(", ", all().stream().map(Program::name).toList())));
  }
}
