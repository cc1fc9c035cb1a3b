package org.ouroboros.allocator.trace;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A place in the source.
 *
 * @param file the source file below its source root, such as {@code org/example/Main.java}; the
 *     class's own with the end {@code .class} where the compiler left the source's name out
 * @param line the line, counted from 1; 0 where it is not known, or where all of the file is meant
 * @param className the binary name of the class; empty where all of the file is meant
 * @param methodName the method; empty where all of the file is meant
 */
public record Frame(String file, int line, String className, String methodName)
    implements Comparable<Frame> {

  private static final Comparator<Frame> ORDER =
      Comparator.comparing(Frame::file)
          .thenComparingInt(Frame::line)
          .thenComparing(Frame::className)
          .thenComparing(Frame::methodName);

  static Frame of(StackTraceElement element) {
    return of(
        element.getClassName(),
        element.getMethodName(),
        element.getFileName(),
        element.getLineNumber());
  }

  static Frame of(String className, String method, @Nullable String source, int line) {
    String path = className.replace('.', '/');
    String file =
        source == null ? path + ".class" : path.substring(0, path.lastIndexOf('/') + 1) + source;
    return new Frame(file, Math.max(line, 0), className, method);
  }

  /** The file alone. */
  Frame wholeFile() {
    return new Frame(file, 0, "", "");
  }

  /** The line alone, whatever method has it. */
  Frame wholeLine() {
    return new Frame(file, line, "", "");
  }

  /** The method alone, whatever its line. */
  Frame wholeMethod() {
    return new Frame(file, 0, className, methodName);
  }

  @Override
  public int compareTo(Frame other) {
    return ORDER.compare(this, other);
  }

  /** One line: {@code file:line}, and the method if it is known. */
  @Override
  public String toString() {
    String place = line == 0 ? file : file + ":" + line;
    return methodName.isEmpty() ? place : place + " (" + className + "." + methodName + ")";
  }
}
