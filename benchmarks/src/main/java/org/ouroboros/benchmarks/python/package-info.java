/**
 * CPython inside the JVM, with its memory from one of the allocators: a program that allocates as
 * programs do, and that has tests of its own.
 *
 * <ul>
 *   <li>{@link org.ouroboros.benchmarks.python.PythonCommand python} runs a program and tells what
 *       memory it took and left.
 *   <li>A {@code PythonLibrary} is the shared library, {@code PythonMemory} what it allocates from,
 *       an {@code Interpreter} what runs in it. CPython starts once in a process: everything that
 *       needs more than one interpreter forks a JVM for each.
 * </ul>
 */
@NullMarked
package org.ouroboros.benchmarks.python;

import org.jspecify.annotations.NullMarked;
