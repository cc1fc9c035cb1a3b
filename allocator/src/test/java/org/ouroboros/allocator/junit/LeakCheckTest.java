package org.ouroboros.allocator.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.budget.Budget;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.debug.DebugOptions;
import org.ouroboros.allocator.region.RegionAllocator;

/** Tests that leave blocks fail, and others do not. */
class LeakCheckTest {

  /** What became of the tests of a class: null for those that passed. */
  private static Map<String, Throwable> run(Class<?> cases) {
    Map<String, Throwable> outcomes = new LinkedHashMap<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() || result.getThrowable().isPresent()) {
              String name = test.getDisplayName().replace("()", "");
              outcomes.put(name, result.getThrowable().orElse(null));
            }
          }
        };
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(cases))
                // The tests of others on the class path may switch it on.
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .build(),
            listener);
    return outcomes;
  }

  private static DebugAllocator debug() {
    return DebugAllocator.wrap(OuroborosAllocator.create(), DebugOptions.DEFAULT.withStackDepth(8));
  }

  private static void assertLeak(Throwable thrown, String... parts) {
    assertThat(thrown).isInstanceOf(LeakFoundError.class).hasMessageContainingAll(parts);
  }

  @LeakCheck
  static class InTests {

    private final Allocator ofTheField = OuroborosAllocator.create();

    @AfterEach
    void close() {
      ofTheField.close();
    }

    @Test
    void clean() {
      try (Allocator allocator = debug()) {
        allocator.free(allocator.malloc(10));
        ofTheField.free(ofTheField.malloc(1));
      }
    }

    @Test
    void leftOpen() {
      Allocator allocator = debug();
      allocator.malloc(10);
      allocator.malloc(20);
    }

    @Test
    void leftAtClose() {
      try (Allocator allocator = debug()) {
        allocator.malloc(10);
      }
    }

    @Test
    void leftInTheField() {
      ofTheField.malloc(100);
    }

    @Test
    void leftByAThread() throws InterruptedException {
      Thread.ofPlatform().start(() -> OuroborosAllocator.create().malloc(1)).join();
    }

    @Test
    void leftInABudget() {
      Budget.root(OuroborosAllocator.create(), "app").noteStacks(4).open().malloc(1);
    }

    @Test
    @LeakCheck(ignore = {"app/immortal", "ouroboros"})
    void ignored() {
      Budget.root(OuroborosAllocator.create(), "app").open().child("immortal").open().malloc(1);
      ofTheField.malloc(1);
    }

    @Test
    void regionsFreeAtClose() {
      RegionAllocator.create().malloc(1);
    }

    @Test
    void failsItself() {
      ofTheField.malloc(1);
      throw new IllegalStateException("of the test");
    }
  }

  @Test
  void whatATestLeavesFailsIt() {
    Map<String, Throwable> outcomes = run(InTests.class);
    assertThat(outcomes).hasSize(9);
    assertThat(outcomes.get("clean")).isNull();
    assertLeak(
        outcomes.get("leftOpen"),
        "leftOpen() leaves memory behind",
        "ouroboros_debug: 2 blocks (30 bytes) live",
        "1 block (20 bytes)",
        "LeakCheckTest$InTests.leftOpen");
    assertLeak(outcomes.get("leftAtClose"), "1 block (10 bytes) live");
    assertLeak(outcomes.get("leftInTheField"), "ouroboros: 1 block (112 bytes) live", "not noted");
    assertLeak(outcomes.get("leftByAThread"), "ouroboros: 1 block");
    assertLeak(outcomes.get("leftInABudget"), "app: 1 block", "InTests.leftInABudget");
    assertThat(outcomes.get("ignored")).isNull();
    assertThat(outcomes.get("regionsFreeAtClose")).isNull();
    assertThat(outcomes.get("failsItself")).hasMessage("of the test").hasNoSuppressedExceptions();
  }

  @LeakCheck
  @TestMethodOrder(MethodName.class)
  static class OverTests {

    private static Allocator shared;

    @BeforeAll
    static void open() {
      shared = debug();
      shared.malloc(1000);
    }

    @Test
    void a() {
      shared.free(shared.malloc(1));
    }

    @Test
    void b() {
      shared.malloc(17);
    }

    @Test
    void c() {
      shared.free(shared.malloc(1));
    }

    @AfterAll
    static void close() {
      shared.close();
    }
  }

  @Test
  void whatIsSharedMustBeBackAtItsLevel() {
    Map<String, Throwable> outcomes = run(OverTests.class);
    assertThat(outcomes.get("a")).isNull();
    assertLeak(outcomes.get("b"), "1 block (17 bytes) live", "OverTests.b");
    assertThat(outcomes.get("c")).isNull();
    assertLeak(outcomes.get("LeakCheckTest$OverTests"), "2 blocks (1017 bytes)", "OverTests.open");
  }

  static class OnMethods {

    @Test
    void unchecked() {
      OuroborosAllocator.create().malloc(1);
    }

    @Test
    @LeakCheck
    void checked() {
      OuroborosAllocator.create().malloc(1);
    }
  }

  @Test
  void anAnnotatedMethodIsCheckedAlone() {
    Map<String, Throwable> outcomes = run(OnMethods.class);
    assertThat(outcomes.get("unchecked")).isNull();
    assertLeak(outcomes.get("checked"), "1 block");
  }

  @LeakCheck
  static class Slow {
    static CountDownLatch begun;
    static CountDownLatch ended;

    @Test
    void clean() throws InterruptedException {
      Allocator allocator = OuroborosAllocator.create();
      long block = allocator.malloc(1);
      begun.countDown();
      ended.await();
      allocator.free(block);
    }
  }

  @Test
  void testsInParallelAreToldApart() throws Exception {
    Slow.begun = new CountDownLatch(1);
    Slow.ended = new CountDownLatch(1);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<Map<String, Throwable>> slow = other.submit(() -> run(Slow.class));
      Slow.begun.await();
      try {
        Map<String, Throwable> outcomes = run(OnMethods.class);
        assertLeak(outcomes.get("checked"), "ouroboros: 1 block (16 bytes)");
        assertThat(((LeakFoundError) outcomes.get("checked")).reports()).hasSize(1);
      } finally {
        Slow.ended.countDown();
      }
      assertThat(slow.get()).containsEntry("clean", null);
    }
  }
}
