package org.ouroboros.allocator.netty;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the suites in a JVM of its own: Netty's test classes are to be had on a class path only. */
public final class PublishedSuites {

  private PublishedSuites() {}

  /** The name of the allocator underneath. */
  static String allocator() {
    return System.getProperty("suites.allocator", "ouroboros");
  }

  /**
   * Runs the suites that the property names, and says what failed, what was skipped, and how many
   * succeeded.
   */
  public static void main(String[] args) {
    LauncherDiscoveryRequestBuilder suites = LauncherDiscoveryRequestBuilder.request();
    for (String name : System.getProperty("suites").split(",", -1)) {
      suites.selectors(selectClass(PublishedSuites.class.getPackageName() + "." + name));
    }
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(suites.build(), listener, new Skipped());
    TestExecutionSummary summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 20);
    System.out.println(
        "succeeded "
            + summary.getTestsSucceededCount()
            + ", failed "
            + summary.getTotalFailureCount());
  }

  /** Names what a test's own assumption, or an annotation, leaves out. */
  private static final class Skipped implements TestExecutionListener {

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
        System.out.println("aborted " + test.getDisplayName() + ": " + result.getThrowable());
      }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      System.out.println("skipped " + test.getDisplayName() + ": " + reason);
    }
  }
}
