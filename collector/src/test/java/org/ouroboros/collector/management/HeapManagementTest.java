package org.ouroboros.collector.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.agrona.collections.LongArrayList;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.management.RegistrationException;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.HeapOptions;
import org.ouroboros.collector.HeapStats;
import org.ouroboros.collector.ObjectType;

/** Heaps through an MBean server, as a console sees them, always on a thread of its own. */
class HeapManagementTest {

  private static final ObjectType NODE = ObjectType.builder("node").references("next").build();
  private static final HeapOptions NAMED = HeapOptions.DEFAULT.withName("graph");

  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private final MBeanServerConnection client = server;

  /** What a client does, on its own thread. */
  private interface Use<T> {
    T use(HeapMXBean bean) throws Exception;
  }

  private <T> T elsewhere(ObjectName name, Use<T> use) throws Exception {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      HeapMXBean bean = JMX.newMXBeanProxy(client, name, HeapMXBean.class);
      return other.submit(() -> use.use(bean)).get();
    }
  }

  private static void cycle(Heap heap) {
    long ref = heap.allocate(NODE);
    heap.setRef(ref, 0, ref);
    heap.release(ref);
  }

  @Test
  void shouldShowWhatWasPublishedLastWhenItIsAskedFor() throws Exception {
    try (Heap heap = Heap.ofConfined(NAMED);
        HeapRegistration bean = HeapManagement.register(heap, "mine", server)) {
      assertThat(bean.name()).hasToString("org.ouroboros:type=Heap,name=mine");
      assertThat(elsewhere(bean.name(), HeapMXBean::getLastGeneration)).isEqualTo(-1);
      heap.allocate(NODE);
      cycle(heap);
      assertThat(elsewhere(bean.name(), HeapMXBean::getLiveObjects)).isZero();

      heap.collector().collect();

      HeapStats stats = heap.stats();
      HeapMXBean read = JMX.newMXBeanProxy(client, bean.name(), HeapMXBean.class);
      assertThat(elsewhere(bean.name(), HeapMXBean::getLiveObjects)).isEqualTo(1);
      assertThat(read.getTrackedObjects()).isEqualTo(stats.trackedObjects());
      assertThat(read.getLiveBytes()).isEqualTo(stats.liveBytes());
      assertThat(read.getCommittedBytes()).isEqualTo(stats.committedBytes());
      assertThat(read.getMetadataBytes()).isEqualTo(stats.metadataBytes());
      assertThat(read.getAllocations()).isEqualTo(stats.allocations());
      assertThat(read.getFrees()).isEqualTo(stats.frees());
      assertThat(read.getGenerations()).isEqualTo(heap.collector().stats());
      assertThat(read.getLastGeneration()).isEqualTo(2);
      assertThat(read.getLastCollected()).isEqualTo(1);
      assertThat(read.getLastUncollectable()).isZero();
      assertThat(read.getLastNanos()).isPositive();
      assertThat(read.getPublishedTime()).isPositive();
      assertThat(read.isShared()).isFalse();
      assertThat(read.isClosed()).isFalse();
      CompositeData[] rows = (CompositeData[]) client.getAttribute(bean.name(), "Generations");
      assertThat(rows[2].get("collected")).isEqualTo(1L);
    }
  }

  @Test
  void shouldShowNewFiguresWhenTheOwnerPublishes() throws Exception {
    try (Heap heap = Heap.ofConfined(NAMED);
        HeapRegistration bean = HeapManagement.register(heap, "mine", server);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      heap.allocate(NODE);
      Future<?> wrong = other.submit(bean::publish);
      assertThatThrownBy(wrong::get).hasCauseInstanceOf(WrongThreadException.class);

      bean.publish();

      assertThat(elsewhere(bean.name(), HeapMXBean::getLiveObjects)).isEqualTo(1);
    }
  }

  @Test
  void shouldRefreshASharedHeapAndNoOther() throws Exception {
    try (Heap heap = Heap.ofConfined(NAMED);
        Heap shared = Heap.ofShared(NAMED);
        HeapRegistration one = HeapManagement.register(heap, "confined", server);
        HeapRegistration other = HeapManagement.register(shared, "shared", server)) {
      shared.allocate(NODE);
      long live =
          elsewhere(
              other.name(),
              bean -> {
                bean.refresh();
                return bean.getLiveObjects();
              });

      assertThat(live).isEqualTo(1);
      assertThatThrownBy(() -> client.invoke(one.name(), "refresh", null, null))
          .isInstanceOf(RuntimeMBeanException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("graph: the heap is confined");
    }
  }

  @Test
  void shouldShowTheLastFiguresWhenTheHeapIsClosed() throws Exception {
    Heap heap = Heap.ofConfined(NAMED);
    try (HeapRegistration bean = HeapManagement.register(heap, "mine", server)) {
      heap.allocate(NODE);
      heap.close();

      assertThat(elsewhere(bean.name(), HeapMXBean::isClosed)).isTrue();
      assertThat(elsewhere(bean.name(), HeapMXBean::getLiveObjects)).isEqualTo(1);
    }
  }

  @Test
  void shouldTakeTheBeanAwayFromAnyThread() throws Exception {
    try (Heap heap = Heap.ofConfined(NAMED);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      HeapRegistration bean = HeapManagement.register(heap, "mine", server);
      other.submit(bean::close).get();

      assertThat(client.isRegistered(bean.name())).isFalse();
      heap.collector().collect();
      assertThat(heap.errors().entries()).isEmpty();
      bean.close();
    }
  }

  @Test
  void shouldSayThatANameIsTakenAndLeaveTheHeapAlone() {
    try (Heap heap = Heap.ofConfined(NAMED);
        HeapRegistration bean =
            HeapManagement.register(heap, "graph", ManagementFactory.getPlatformMBeanServer())) {
      assertThatThrownBy(() -> HeapManagement.register(heap))
          .isInstanceOf(RegistrationException.class)
          .hasMessageContaining(bean.name() + " is taken");
    }
  }

  @Test
  void shouldNeedTheModuleForThisPackageAlone() throws Exception {
    List<String> roots = new ArrayList<>();
    for (Class<?> type :
        List.of(Heap.class, Allocator.class, LongArrayList.class, HeapManagementTest.class)) {
      roots.add(root(type));
    }
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--limit-modules=java.base,jdk.unsupported",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(System.getProperty("path.separator"), roots),
                WithoutManagement.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(out.lines()).containsExactly("true", "1 1", "java.lang.NoClassDefFoundError");
    assertThat(child.waitFor()).isZero();
  }

  /** Where a class was read from; a patched module does not tell itself. */
  private static String root(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    var resource = type.getResource("/" + name);
    assertThat(resource).isNotNull();
    String location = resource.toString();
    String root = location.substring(0, location.length() - name.length());
    return root.startsWith("jar:")
        ? Path.of(URI.create(root.substring("jar:".length(), root.length() - 2))).toString()
        : Path.of(URI.create(root)).toString();
  }

  /** Uses heaps where there is no java.management. */
  static final class WithoutManagement {
    private static final ObjectType PAIR = ObjectType.builder("pair").references("other").build();

    private WithoutManagement() {}

    public static void main(String[] args) {
      System.out.println(ModuleLayer.boot().findModule("java.management").isEmpty());
      try (Heap heap = Heap.ofConfined()) {
        heap.allocate(PAIR);
        long garbage = heap.allocate(PAIR);
        heap.setRefMoved(garbage, 0, garbage);
        System.out.println(heap.collector().collect() + " " + heap.stats().liveObjects());
        HeapManagement.register(heap);
      } catch (NoClassDefFoundError e) {
        System.out.println(e.getClass().getName());
      }
    }
  }
}
