package org.ouroboros.collector.management;

import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import org.ouroboros.allocator.management.Registration;
import org.ouroboros.collector.Heap;
import org.ouroboros.collector.heap.SharedHeap;
import org.ouroboros.collector.statistics.HeapPublisher;

/**
 * Shows heaps to JMX clients, as {@link HeapMXBean}s named {@code
 * org.ouroboros:type=Heap,name=NAME}.
 *
 * <p>Thread rule: each method is for threads that may use the heap.
 */
@SuppressWarnings("exports") // callers require java.management for themselves
public final class HeapManagement {

  private HeapManagement() {}

  /**
   * Shows a heap under its own name, in the platform's server.
   *
   * @param heap any one
   * @return what ends that; the heap is kept alive until then
   * @throws org.ouroboros.allocator.management.RegistrationException if the name is taken, or the
   *     server refuses
   * @throws WrongThreadException if the heap is confined to another thread
   * @throws IllegalStateException if it is closed
   */
  public static HeapRegistration register(Heap heap) {
    return register(heap, heap.options().name());
  }

  /**
   * Shows a heap, in the platform's server.
   *
   * @param heap any one
   * @param name tells it from others; any text
   * @return what ends that; the heap is kept alive until then
   * @throws org.ouroboros.allocator.management.RegistrationException if the name is taken, or the
   *     server refuses
   * @throws WrongThreadException if the heap is confined to another thread
   * @throws IllegalStateException if it is closed
   */
  public static HeapRegistration register(Heap heap, String name) {
    return register(heap, name, ManagementFactory.getPlatformMBeanServer());
  }

  /**
   * Shows a heap.
   *
   * @param heap any one
   * @param name tells it from others; any text
   * @param server where
   * @return what ends that; the heap is kept alive until then
   * @throws org.ouroboros.allocator.management.RegistrationException if the name is taken, or the
   *     server refuses
   * @throws WrongThreadException if the heap is confined to another thread
   * @throws IllegalStateException if it is closed
   */
  public static HeapRegistration register(Heap heap, String name, MBeanServer server) {
    HeapPublisher publisher = HeapPublisher.of(heap);
    try {
      HeapBean bean = new HeapBean(publisher, heap.options().name(), heap instanceof SharedHeap);
      return new HeapRegistration(publisher, Registration.of(server, "Heap", name, bean));
    } catch (RuntimeException e) {
      publisher.close();
      throw e;
    }
  }
}
