package org.ouroboros.allocator.export;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import org.ouroboros.allocator.Allocator;

/**
 * What the functions of one export work on.
 *
 * @param allocator what they allocate from
 * @param callers who is inside one of them
 * @param failures what C could not be told
 */
record Served(Allocator allocator, Callers callers, Failures failures) {

  /** Makes a copy of {@link CCalls} whose constants these are. */
  MethodHandles.Lookup define() {
    String template = CCalls.class.getSimpleName() + ".class";
    try (InputStream in = Served.class.getResourceAsStream(template)) {
      if (in == null) {
        throw new AssertionError(template + " is missing beside its package");
      }
      return MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), this, true);
    } catch (IOException | IllegalAccessException e) {
      throw new AssertionError("cannot define the functions of an export", e);
    }
  }
}
