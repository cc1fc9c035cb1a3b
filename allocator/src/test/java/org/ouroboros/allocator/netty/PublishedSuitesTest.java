package org.ouroboros.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.ForkedJvm;

/**
 * Runs the tests that Netty publishes (those of {@code netty-buffer}'s tests jar, subclassed in
 * {@code src/netty}) over our allocator, with and without native access, and over others.
 */
class PublishedSuitesTest {

  /** How many tests there are of allocators, and of buffers: each set of parameters is one. */
  private static final int OF_ALLOCATORS = 12;

  private static final int OF_BUFFERS = 412;

  private static final Pattern COUNTS = Pattern.compile("succeeded (\\d+), failed (\\d+)");

  @ParameterizedTest
  @ValueSource(strings = {"ouroboros_debug", "libc"})
  void shouldPassOverAnAllocator(String name) throws Exception {
    assumeTrue(Allocators.availability(name).available());
    assertPassed(
        OF_BUFFERS,
        run("DirectBufferSuite", ForkedJvm.NATIVE_ACCESS, "-Dsuites.allocator=" + name));
  }

  @Test
  void shouldPassWithEveryBufferTracked() throws Exception {
    assertPassed(
        OF_ALLOCATORS + 2 * OF_BUFFERS,
        run(
            "AllocatorSuite,DirectBufferSuite,HeapBufferSuite",
            ForkedJvm.NATIVE_ACCESS,
            "-Dio.netty.leakDetection.level=paranoid"));
  }

  @Test
  void shouldPassWithoutNativeAccess() throws Exception {
    String said = run("AllocatorSuite,DirectBufferSuite", "--illegal-native-access=deny");
    assertPassed(OF_ALLOCATORS + OF_BUFFERS, said);
    assertThat(said).doesNotContain("restricted method");
  }

  private static void assertPassed(int tests, String said) {
    Matcher counts = COUNTS.matcher(said);
    assertThat(counts.find()).as(said).isTrue();
    assertThat(counts.group(2)).as(said).isEqualTo("0");
    assertThat(Integer.parseInt(counts.group(1))).as(said).isEqualTo(tests);
  }

  private static String run(String suites, String... options) throws Exception {
    String[] all = new String[options.length + 4];
    System.arraycopy(options, 0, all, 4, options.length);
    all[0] = "-Xmx512m";
    all[1] = "-Dsuites=" + suites;
    all[2] = "-cp";
    all[3] =
        String.join(
            File.pathSeparator,
            ForkedJvm.classPath(),
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path"));
    ForkedJvm.Result result =
        ForkedJvm.run(Class.forName("org.ouroboros.allocator.netty.PublishedSuites"), all);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out() + result.err();
  }
}
