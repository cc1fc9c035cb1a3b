package org.ouroboros.allocator.management;

import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import org.ouroboros.allocator.Allocator;

/**
 * Shows allocators to JMX clients, as {@link AllocatorMXBean}s named {@code
 * org.ouroboros:type=Allocator,name=NAME}.
 *
 * <p>Any allocator may be shown, a confined one too: its counters may be read from any thread.
 *
 * <p>Thread rule: any thread.
 */
@SuppressWarnings("exports") // callers require java.management for themselves
public final class AllocatorManagement {

  private AllocatorManagement() {}

  /**
   * Shows an allocator under the name of its kind, in the platform's server.
   *
   * @param allocator any one
   * @return what ends that; the allocator is kept alive until then
   * @throws RegistrationException if the name is taken, or the server refuses
   */
  public static Registration register(Allocator allocator) {
    return register(allocator, allocator.name());
  }

  /**
   * Shows an allocator, in the platform's server.
   *
   * @param allocator any one
   * @param name tells it from others; any text that is not empty
   * @return what ends that; the allocator is kept alive until then
   * @throws RegistrationException if the name is taken, or the server refuses
   */
  public static Registration register(Allocator allocator, String name) {
    return register(allocator, name, ManagementFactory.getPlatformMBeanServer());
  }

  /**
   * Shows an allocator.
   *
   * @param allocator any one
   * @param name tells it from others; any text that is not empty
   * @param server where
   * @return what ends that; the allocator is kept alive until then
   * @throws RegistrationException if the name is taken, or the server refuses
   */
  public static Registration register(Allocator allocator, String name, MBeanServer server) {
    return Registration.of(server, "Allocator", name, new AllocatorBean(allocator));
  }
}
