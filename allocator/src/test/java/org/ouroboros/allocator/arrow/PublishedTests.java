package org.ouroboros.allocator.arrow;

import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.DefaultAllocationManagerOption;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;

/**
 * Runs the test classes that Arrow publishes, with our factory in the place of Arrow's default:
 * they make their allocators without naming one. They stand in a package of Arrow's, so this is the
 * main class of a JVM that has all on its class path.
 */
final class PublishedTests {

  private PublishedTests() {}

  /** Counts what goes through a factory. */
  private record Counting(AllocationManager.Factory inner, AtomicLong count)
      implements AllocationManager.Factory {

    @Override
    public AllocationManager create(BufferAllocator accounting, long size) {
      AllocationManager made = inner.create(accounting, size);
      count.incrementAndGet();
      return made;
    }

    @Override
    public ArrowBuf empty() {
      return inner.empty();
    }
  }

  /** Tells which tests upstream has switched off, and which leave blocks behind. */
  private static final class Listener implements TestExecutionListener {

    private final Allocator allocator;
    private long live;

    Listener(Allocator allocator) {
      this.allocator = allocator;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      System.out.println("skipped=" + test.getDisplayName());
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      long now = allocator.stats().liveBlocks();
      if (now != live) {
        System.out.println("left=" + (now - live) + " by " + test.getDisplayName());
        live = now;
      }
      result.getThrowable().ifPresent(Throwable::printStackTrace);
    }
  }

  /** The properties name the allocator, and the classes with commas between them. */
  public static void main(String[] args) throws ReflectiveOperationException {
    try (Allocator allocator = Allocators.of(System.getProperty("tests.allocator"))) {
      AtomicLong count = new AtomicLong();
      makeDefault(new Counting(OuroborosAllocationManager.factory(allocator), count));
      LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
      // Netty's tests jar, on the same class path, brings a file that asks for threads.
      request.configurationParameter("junit.jupiter.execution.parallel.enabled", "false");
      for (String name : System.getProperty("tests.classes").split(",", -1)) {
        request.selectors(DiscoverySelectors.selectClass("org.apache.arrow.memory." + name));
      }
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      LauncherFactory.create().execute(request.build(), listener, new Listener(allocator));
      TestExecutionSummary summary = listener.getSummary();
      System.out.println("succeeded=" + summary.getTestsSucceededCount());
      System.out.println("failed=" + summary.getTestsFailedCount());
      System.out.println("aborted=" + summary.getTestsAbortedCount());
      System.out.println("allocations=" + count);
    }
  }

  private static void makeDefault(AllocationManager.Factory factory)
      throws ReflectiveOperationException {
    Field field =
        DefaultAllocationManagerOption.class.getDeclaredField("DEFAULT_ALLOCATION_MANAGER_FACTORY");
    field.setAccessible(true);
    field.set(null, factory);
  }
}
