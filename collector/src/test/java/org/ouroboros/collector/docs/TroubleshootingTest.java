package org.ouroboros.collector.docs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.budget.Budget;
import org.ouroboros.allocator.budget.BudgetExceededException;
import org.ouroboros.allocator.debug.DamagedBlockException;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.debug.DebugOptions;
import org.ouroboros.allocator.debug.InvalidBlockException;
import org.ouroboros.allocator.leak.LeakReport;
import org.ouroboros.allocator.record.RecordingAllocator;
import org.ouroboros.allocator.trace.GroupBy;
import org.ouroboros.allocator.trace.Snapshot;
import org.ouroboros.allocator.trace.TracingAllocator;
import org.ouroboros.collector.CloseReport;
import org.ouroboros.collector.CollectionListener;
import org.ouroboros.collector.ErrorLog;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapExhaustedException;
import org.ouroboros.collector.HeapMode;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.HostHandle;
import org.ouroboros.collector.HostHandleReport;
import org.ouroboros.collector.InvalidReferenceException;
import org.ouroboros.collector.ObjectType;
import org.ouroboros.collector.report.HeapReport;

/** The code of {@code docs/troubleshooting.md}: what is between the comments is on the page. */
class TroubleshootingTest {

  private static final ObjectType NODE =
      ObjectType.builder("node").references("next").field("key", JAVA_LONG).build();
  private static final int NEXT = NODE.slot("next");

  @Test
  void whereAnAllocatorsMemoryIs() {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      long block = allocator.malloc(1000);
      // PAGE troubleshooting
      AllocatorStats stats = allocator.stats();
      System.out.println(stats.liveBlocks() + " blocks, " + stats.liveBytes() + " bytes live");
      System.out.println(stats.committedBytes() + " bytes committed"); // live, and kept for use
      stats.sizeClasses().stream()
          .sorted(Comparator.comparingLong(c -> -c.blockSize() * c.liveBlocks()))
          .limit(5)
          .forEach(System.out::println); // which sizes take the memory
      System.out.println(allocator.pageMap()); // where they are
      allocator.purge(); // what is free goes back to the operating system now
      // PAGE end
      assertThat(stats.liveBlocks()).isOne();
      allocator.free(block);
    }
  }

  @Test
  void whereAHeapsMemoryIs() {
    try (Heap heap = Heap.ofConfined()) {
      long node = heap.allocate(NODE);
      // PAGE troubleshooting
      HeapStats stats = heap.stats();
      System.out.println(stats.liveObjects() + " objects, " + stats.liveBytes() + " bytes");
      Map<String, Long> bytes = new TreeMap<>();
      heap.inspector()
          .visitAll(
              ref -> {
                bytes.merge(heap.typeOf(ref).name(), heap.sizeOf(ref), Long::sum);
                return true;
              });
      System.out.println(bytes); // by type
      // PAGE end
      assertThat(bytes).containsOnlyKeys("node");
      heap.release(node);
    }
  }

  @Test
  void whyAnObjectIsAlive() throws IOException {
    try (Heap heap = Heap.ofConfined()) {
      long first = heap.allocate(NODE);
      long suspect = heap.allocate(NODE);
      heap.setRef(first, NEXT, suspect);
      heap.release(suspect);
      List<String> path = new ArrayList<>();
      // PAGE troubleshooting
      for (long ref : heap.inspector().pathToRoots(suspect)) { // the root first
        path.add(heap.inspector().describe(ref));
      }
      Files.writeString(Path.of("target/suspect.dot"), heap.inspector().dot(2, suspect));
      // PAGE end
      assertThat(path).hasSize(2);
      heap.release(first);
    }
  }

  @Test
  void whoAllocates() {
    // PAGE troubleshooting
    try (TracingAllocator allocator = TracingAllocator.wrap(OuroborosAllocator.create())) {
      Snapshot before = allocator.snapshot();
      long block = allocator.malloc(1000); // the program goes on for a while
      Snapshot after = allocator.snapshot();
      after.compareTo(before, GroupBy.LINE).forEach(System.out::println); // largest first
      allocator.free(block);
    }
    // PAGE end
    try (TracingAllocator allocator = TracingAllocator.wrap(OuroborosAllocator.create())) {
      Snapshot before = allocator.snapshot();
      allocator.malloc(1000);
      assertThat(allocator.snapshot().compareTo(before, GroupBy.LINE))
          .singleElement()
          .asString()
          .contains("1000 B");
    }
  }

  @Test
  void allOfHeap(@TempDir Path folder) throws IOException {
    try (Heap heap = Heap.ofConfined()) {
      long node = heap.allocate(NODE);
      // PAGE troubleshooting
      heap.inspector().dump(folder.resolve("heap.hprof"));
      HeapReport.of(heap).write(folder.resolve("heap.html"));
      // PAGE end
      heap.release(node);
    }
    assertThat(Files.size(folder.resolve("heap.hprof"))).isPositive();
    assertThat(Files.readString(folder.resolve("heap.html"))).contains("node");
  }

  @Test
  void accounts() {
    String told = "";
    // PAGE troubleshooting
    Budget root = Budget.root(OuroborosAllocator.create(), "server").limit(64 << 20).open();
    Budget cache = root.child("cache").limit(1 << 20).open();
    Budget requests = root.child("requests").reservation(8 << 20).open();
    try {
      cache.malloc(2 << 20);
    } catch (BudgetExceededException e) {
      told = e.getMessage(); // which account, its limit, and what it has
    }
    System.out.println(root); // the tree
    // PAGE end
    assertThat(told).contains("server/cache", "1048576");
    assertThat(root.toString()).contains("cache", "requests");
    requests.close();
    cache.close();
    root.close();
  }

  @Test
  void whatIsLive() {
    String report;
    // PAGE troubleshooting
    DebugOptions stacks = DebugOptions.DEFAULT.withStackDepth(16);
    try (DebugAllocator allocator = DebugAllocator.wrap(OuroborosAllocator.create(), stacks)) {
      allocator.malloc(100);
      report = LeakReport.of(allocator).toString(); // the stacks, most bytes first
    }
    // PAGE end
    assertThat(report).contains("100", "TroubleshootingTest");
  }

  @Test
  void aLimit() {
    String message = "";
    // PAGE troubleshooting
    HeapOptions limited = HeapOptions.DEFAULT.withName("cache").withLimit(1 << 20);
    try (Heap heap = Heap.ofConfined(limited)) {
      ObjectType page = ObjectType.array("page", JAVA_BYTE);
      while (true) {
        heap.allocate(page, 4000); // never released
      }
    } catch (HeapExhaustedException e) {
      message = e.getMessage(); // the request, the limit, and whose it is
    }
    // PAGE end
    assertThat(message).contains("cache");
  }

  @Test
  void leaksOfAHeap() {
    CloseReport report;
    List<String> stacks = new ArrayList<>();
    // PAGE troubleshooting
    Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withMode(HeapMode.DEBUG));
    heap.allocate(NODE); // nobody releases it
    heap.close();
    report = Objects.requireNonNull(heap.closeReport());
    System.out.println(report.objectsByType()); // what was alive
    for (CloseReport.Owner owner : report.owners()) { // who owned it: leaks, mostly
      stacks.add(owner.type() + " taken at " + owner.stack());
    }
    // PAGE end
    assertThat(stacks).hasSize(1);
    assertThat(report.externallyHeld()).isOne();
  }

  @Test
  void handlesThatNobodyClosed() throws InterruptedException {
    HostHandleReport report;
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withHandleStacks(true))) {
      forget(heap);
      for (int i = 0; i < 200 && heap.drainHostHandles() == 0; i++) {
        System.gc();
        Thread.sleep(10);
      }
      // PAGE troubleshooting
      report = heap.hostHandleReport();
      System.out.println(report.open() + " open, " + report.unreachable() + " never closed");
      for (HostHandleReport.Origin origin : report.origins()) {
        System.out.println(origin.handles() + " of " + origin.type() + ": " + origin.stack());
      }
      // PAGE end
    }
    assertThat(report.unreachable()).isOne();
    assertThat(report.origins()).hasSize(1);
  }

  private static void forget(Heap heap) {
    long node = heap.allocate(NODE);
    HostHandle forgotten = heap.hostHandle(node);
    assertThat(forgotten.isClosed()).isFalse();
    heap.release(node);
  }

  @Test
  void leaksOfAnAllocator() {
    List<String> left = new ArrayList<>();
    // PAGE troubleshooting
    DebugOptions options = DebugOptions.DEFAULT.withStackDepth(16);
    try (DebugAllocator allocator = DebugAllocator.wrap(OuroborosAllocator.create(), options)) {
      long block = allocator.malloc(100);
      left.add(allocator.blockAt(block + 50).orElseThrow().toString()); // size, serial, stack
      System.out.println(allocator.stats().liveBlocks()); // 1: is it 0 where it should be?
      allocator.free(block);
    }
    // PAGE end
    assertThat(left.getFirst()).contains("100 bytes", "TroubleshootingTest");
  }

  @Test
  void aDoubleFree() {
    String told = "";
    // PAGE troubleshooting
    DebugOptions options = DebugOptions.DEFAULT.withStackDepth(16);
    try (Allocator allocator = DebugAllocator.wrap(OuroborosAllocator.create(), options)) {
      long block = allocator.malloc(24);
      allocator.free(block);
      allocator.free(block);
    } catch (InvalidBlockException e) {
      told = e.getMessage(); // the block, who allocated it, who freed it first
    }
    // PAGE end
    assertThat(told).contains("allocated", "freed", "TroubleshootingTest");
  }

  @Test
  void anOverflow() {
    String told = "";
    // PAGE troubleshooting
    try (DebugAllocator allocator = DebugAllocator.wrap(OuroborosAllocator.create())) {
      long block = allocator.malloc(24);
      writeInC(block, 25); // one byte too many
      allocator.verifyAll(); // looks at all blocks now; a free looks at its own
    } catch (DamagedBlockException e) {
      told = e.kind() + " at offset " + e.offset() + "\n" + e.getMessage(); // with a hex dump
    }
    // PAGE end
    assertThat(told).contains("at offset 24");
  }

  @SuppressWarnings("restricted")
  private static void writeInC(long address, long count) {
    MemorySegment.ofAddress(address).reinterpret(count).fill((byte) 7);
  }

  @Test
  void aStaleReference() {
    String told = "";
    // PAGE troubleshooting
    HeapOptions checked = HeapOptions.DEFAULT.withMode(HeapMode.CHECKED);
    try (Heap heap = Heap.ofConfined(checked)) {
      long node = heap.allocate(NODE);
      heap.release(node);
      heap.allocate(NODE); // may take its place
      heap.release(node); // once too often
    } catch (InvalidReferenceException e) {
      told = e.getMessage();
    }
    // PAGE end
    assertThat(told).isNotEmpty();
  }

  @Test
  void pauses() {
    AtomicLong longest = new AtomicLong();
    List<ErrorLog.Failure> failures;
    // PAGE troubleshooting
    try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withIncremental(true))) {
      heap.collector()
          .addListener(
              new CollectionListener() {
                @Override
                public void onStop(Summary summary) {
                  longest.accumulateAndGet(summary.durationNanos(), Math::max);
                }
              });
      heap.collector().collect(); // of the program; this one stops it
      System.out.println(longest + " ns the longest collection");
      System.out.println(heap.collector().stats()); // by generation
      failures = heap.errors().entries(); // what finalizers and callbacks threw
    }
    // PAGE end
    assertThat(longest.get()).isPositive();
    assertThat(failures).isEmpty();
  }

  @Test
  void everyCountIsRight() {
    List<String> wrong;
    try (Heap heap = Heap.ofConfined()) {
      // PAGE troubleshooting
      wrong = heap.inspector().verify(); // recounts every reference of the heap
      wrong.forEach(System.err::println);
      // PAGE end
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aRecording(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("app.mtrace.gz");
    // PAGE troubleshooting
    try (Allocator allocator = RecordingAllocator.wrap(Allocators.of("ouroboros"), file)) {
      MemorySegment block = allocator.allocate(100);
      block.set(JAVA_BYTE, 0, (byte) 1);
      allocator.free(block);
    }
    // PAGE end
    assertThat(Files.size(file)).isPositive();
  }
}
