package org.ouroboros.allocator.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.management.Attribute;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorStats;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.Domains;
import org.ouroboros.allocator.ForkedJvm;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.region.RegionAllocator;

/** Allocators through an MBean server, as a console sees them. */
class AllocatorManagementTest {

  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private final MBeanServerConnection client = server;

  private Map<String, Object> attributes(ObjectName name) throws Exception {
    String[] names =
        Arrays.stream(client.getMBeanInfo(name).getAttributes())
            .map(MBeanAttributeInfo::getName)
            .toArray(String[]::new);
    Map<String, Object> values = new HashMap<>();
    for (Attribute attribute : client.getAttributes(name, names).asList()) {
      values.put(attribute.getName(), attribute.getValue());
    }
    return values;
  }

  @Test
  void shouldShowTheCountersWhenTheyAreAskedFor() throws Exception {
    try (OuroborosAllocator allocator = OuroborosAllocator.create();
        Registration bean = AllocatorManagement.register(allocator, "mine", server)) {
      allocator.malloc(40);
      allocator.malloc(40);
      AllocatorStats stats = allocator.stats();

      assertThat(bean.name()).hasToString("org.ouroboros:type=Allocator,name=mine");
      Map<String, Object> read = attributes(bean.name());
      assertThat(read.remove("SizeClasses")).isInstanceOf(CompositeData[].class);
      assertThat(read)
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "Allocator", "ouroboros",
                  "LiveBlocks", 2L,
                  "LiveBytes", stats.liveBytes(),
                  "ReservedBytes", stats.reservedBytes(),
                  "CommittedBytes", stats.committedBytes(),
                  "PeakCommittedBytes", stats.peakCommittedBytes(),
                  "PurgedBytes", stats.purgedBytes(),
                  "MetadataBytes", stats.metadataBytes(),
                  "Purgeable", stats.allocator().equals("ouroboros") && isPurging(allocator)));
    }
  }

  private static boolean isPurging(Allocator allocator) {
    return allocator.capabilities().purges();
  }

  @Test
  void shouldShowSizeClassesAsOpenTypes() throws Exception {
    try (OuroborosAllocator allocator = OuroborosAllocator.create();
        Registration bean = AllocatorManagement.register(allocator, "mine", server)) {
      allocator.malloc(40);

      CompositeData[] rows = (CompositeData[]) client.getAttribute(bean.name(), "SizeClasses");
      AllocatorMXBean proxy = JMX.newMXBeanProxy(client, bean.name(), AllocatorMXBean.class);

      assertThat(rows).hasSize(1);
      assertThat(rows[0].get("blockSize")).isEqualTo(48L);
      assertThat(rows[0].get("liveBlocks")).isEqualTo(1L);
      assertThat(proxy.getSizeClasses()).isEqualTo(allocator.stats().sizeClasses());
    }
  }

  @Test
  void shouldPurgeTheAllocatorThatServesWhenItCan() throws Exception {
    try (OuroborosAllocator allocator =
            OuroborosAllocator.builder().purge(OuroborosAllocator.Purge.ON_REQUEST).build();
        Allocator decorated = Allocators.decorate(allocator, "debug");
        Registration bean = AllocatorManagement.register(decorated, "d", server)) {
      long block = allocator.malloc(1 << 20);
      allocator.segment(block, 1 << 20).fill((byte) 1);
      allocator.free(block);

      assertThat(client.getAttribute(bean.name(), "Purgeable")).isEqualTo(true);
      client.invoke(bean.name(), "purge", null, null);

      assertThat((long) client.getAttribute(bean.name(), "PurgedBytes"))
          .isGreaterThanOrEqualTo(1 << 20);
    }
  }

  @Test
  void shouldRefuseToPurgeWhatCannot() throws Exception {
    try (RegionAllocator region = RegionAllocator.create();
        Registration bean = AllocatorManagement.register(region, "r", server)) {
      assertThat(client.getAttribute(bean.name(), "Purgeable")).isEqualTo(false);
      assertThat(client.getAttribute(bean.name(), "LiveBlocks")).isEqualTo(-1L);
      assertThatThrownBy(() -> client.invoke(bean.name(), "purge", null, null))
          .isInstanceOf(RuntimeMBeanException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("region cannot give memory back");
    }
  }

  @Test
  void shouldFindTheAllocatorBehindFacesAndViews() {
    try (OuroborosAllocator allocator = OuroborosAllocator.create();
        Allocator view = allocator.confined();
        RegionAllocator region = RegionAllocator.create()) {
      Allocator face = Domains.startingWith(allocator).get(Domain.MEM);

      assertThat(OuroborosAllocator.behind(allocator)).isSameAs(allocator);
      assertThat(OuroborosAllocator.behind(view)).isSameAs(allocator);
      assertThat(OuroborosAllocator.behind(face)).isSameAs(allocator);
      assertThat(OuroborosAllocator.behind(region)).isNull();
    }
  }

  @Test
  void shouldReadAConfinedViewFromAnotherThread() throws Exception {
    try (OuroborosAllocator allocator = OuroborosAllocator.create();
        Allocator view = allocator.confined();
        Registration bean = AllocatorManagement.register(view, "view", server);
        var other = Executors.newSingleThreadExecutor()) {
      view.malloc(1);

      Object blocks = other.submit(() -> client.getAttribute(bean.name(), "LiveBlocks")).get();

      assertThat(blocks).isEqualTo(1L);
    }
  }

  @Test
  @SuppressWarnings("try") // the close is what is tested
  void shouldSayThatANameIsTaken() {
    try (OuroborosAllocator allocator = OuroborosAllocator.create();
        Registration bean = AllocatorManagement.register(allocator, "mine", server)) {
      assertThatThrownBy(() -> AllocatorManagement.register(allocator, "mine", server))
          .isInstanceOf(RegistrationException.class)
          .hasMessageContaining(bean.name() + " is taken");
      bean.close();
      AllocatorManagement.register(allocator, "mine", server).close();
    }
  }

  @Test
  void shouldQuoteNamesThatNeedIt() throws Exception {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      for (String name :
          new String[] {"a,b=c:\"d\"*?\n\\", "*", "", "\u20ac", "native:/lib/x.so"}) {
        try (Registration bean = AllocatorManagement.register(allocator, name, server)) {
          String value = bean.name().getKeyProperty("name");

          assertThat(bean.name().isPattern()).isFalse();
          assertThat(ObjectName.unquote(value)).isEqualTo(name);
          assertThat(client.isRegistered(new ObjectName(bean.name().toString()))).isTrue();
        }
      }
    }
  }

  @Test
  void shouldTakeTheBeanAwayWhenTheRegistrationIsClosed() throws Exception {
    try (OuroborosAllocator allocator = OuroborosAllocator.create()) {
      Registration bean = AllocatorManagement.register(allocator, "mine", server);
      bean.close();

      assertThat(client.isRegistered(bean.name())).isFalse();

      // Twice, and where another has the name now: that one stays.
      try (Registration next = AllocatorManagement.register(allocator, "mine", server)) {
        bean.close();
        assertThat(client.isRegistered(next.name())).isTrue();
        server.unregisterMBean(next.name());
      }
    }
  }

  @Test
  void shouldShowAClosedAllocatorWhenItsRegistrationIsNot() throws Exception {
    OuroborosAllocator allocator = OuroborosAllocator.create();
    try (Registration bean = AllocatorManagement.register(allocator, "mine", server)) {
      allocator.close();

      assertThat(client.getAttribute(bean.name(), "Allocator")).isEqualTo("ouroboros");
      assertThatThrownBy(() -> client.invoke(bean.name(), "purge", null, null))
          .isInstanceOf(RuntimeMBeanException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void shouldUseThePlatformServerWhenNoneIsNamed() {
    try (OuroborosAllocator allocator = OuroborosAllocator.create();
        Registration bean = AllocatorManagement.register(allocator)) {
      assertThat(bean.name()).hasToString("org.ouroboros:type=Allocator,name=ouroboros");
      assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(bean.name())).isTrue();
    }
  }

  @Test
  void shouldNeedTheModuleForThisPackageAlone() throws Exception {
    ForkedJvm.Result result = ForkedJvm.run(WithoutManagement.class, "--limit-modules=java.base");

    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).containsExactly("true", "1", "java.lang.NoClassDefFoundError");
  }

  /** Uses the library where there is no java.management. */
  static final class WithoutManagement {
    private WithoutManagement() {}

    public static void main(String[] args) {
      System.out.println(ModuleLayer.boot().findModule("java.management").isEmpty());
      try (Allocator allocator = Allocators.of("ouroboros")) {
        allocator.free(allocator.malloc(10));
        allocator.malloc(10);
        System.out.println(allocator.stats().liveBlocks());
        AllocatorManagement.register(allocator);
      } catch (NoClassDefFoundError e) {
        System.out.println(e.getClass().getName());
      }
    }
  }
}
