package org.ouroboros.collector.management;

import javax.management.ObjectName;
import org.ouroboros.allocator.management.Registration;
import org.ouroboros.collector.statistics.HeapPublisher;

/**
 * A heap that is registered with an MBean server, until this is closed. Closing the heap does not
 * close this: the bean goes on to show the last figures.
 *
 * <p>Thread rule: {@link #publish} is for threads that may use the heap, the rest is for any.
 */
@SuppressWarnings("exports") // callers require java.management for themselves
public final class HeapRegistration implements AutoCloseable {

  private final HeapPublisher publisher;
  private final Registration registration;

  HeapRegistration(HeapPublisher publisher, Registration registration) {
    this.publisher = publisher;
    this.registration = registration;
  }

  /**
   * Where the bean is.
   *
   * @return its name
   */
  public ObjectName name() {
    return registration.name();
  }

  /**
   * Shows the heap's figures as they are now, and not when it next collects.
   *
   * @throws WrongThreadException if the heap is confined to another thread
   * @throws IllegalStateException if it is closed
   */
  public void publish() {
    publisher.publish();
  }

  /** Takes the bean away. A second call does nothing. */
  @Override
  public void close() {
    publisher.close();
    registration.close();
  }

  @Override
  public String toString() {
    return registration.toString();
  }
}
