package org.ouroboros.allocator.arrow;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.ouroboros.allocator.ForkedJvm;

/** Runs a main class in a JVM of its own, with Arrow and all of the tests on its class path. */
final class ArrowJvm {

  private ArrowJvm() {}

  /** All that the tests are run with, modules or not. */
  static String classPath() throws Exception {
    return String.join(
        File.pathSeparator,
        ForkedJvm.classPath(),
        System.getProperty("jdk.module.path"),
        System.getProperty("java.class.path"));
  }

  /** Runs it; options of the JVM that contradict ours win. */
  static ForkedJvm.Result run(Class<?> main, String... options) throws Exception {
    List<String> all = new ArrayList<>();
    all.addAll(List.of(ForkedJvm.NATIVE_ACCESS, "-Xmx512m", "-cp", classPath()));
    all.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    all.addAll(List.of(options));
    return ForkedJvm.run(main, all.toArray(String[]::new));
  }
}
