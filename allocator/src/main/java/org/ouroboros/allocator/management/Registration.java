package org.ouroboros.allocator.management;

import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * A bean that is registered with an MBean server, until this is closed.
 *
 * <p>Thread rule: any thread.
 */
@SuppressWarnings("exports") // callers require java.management for themselves
public final class Registration implements AutoCloseable {

  private static final String DOMAIN = "org.ouroboros";

  /** What ObjectName.quote leaves alone within quotes, and needs none without them. */
  private static final String PLAIN = "[A-Za-z0-9_.+@#/ ()\\[\\]-]+";

  private final MBeanServer server;
  private final ObjectName name;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Registration(MBeanServer server, ObjectName name) {
    this.server = server;
    this.name = name;
  }

  /**
   * Registers a bean as {@code org.ouroboros:type=TYPE,name=NAME}.
   *
   * @param server where
   * @param type such as {@code Allocator}
   * @param name any text; {@linkplain ObjectName#quote quoted} if it has more than letters, digits
   *     and a few signs
   * @param bean an MXBean
   * @return the registration
   * @throws RegistrationException if the name is taken, or the server refuses
   */
  public static Registration of(MBeanServer server, String type, String name, Object bean) {
    ObjectName objectName = name(type, name);
    try {
      server.registerMBean(bean, objectName);
    } catch (InstanceAlreadyExistsException e) {
      throw new RegistrationException(
          objectName.toString(), "is taken; register under another name, or close the other", e);
    } catch (JMException e) {
      throw new RegistrationException(objectName.toString(), "was refused: " + e, e);
    }
    return new Registration(server, objectName);
  }

  private static ObjectName name(String type, String name) {
    String value = name.matches(PLAIN) ? name : ObjectName.quote(name);
    String text = DOMAIN + ":type=" + type + ",name=" + value;
    try {
      return new ObjectName(text);
    } catch (MalformedObjectNameException e) {
      throw new RegistrationException(text, "is no name: " + e.getMessage(), e);
    }
  }

  /**
   * Where the bean is.
   *
   * @return its name
   */
  public ObjectName name() {
    return name;
  }

  /** Takes the bean away. Does nothing if somebody has, this one or another. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        server.unregisterMBean(name);
      } catch (InstanceNotFoundException e) {
        // Through the server itself.
      } catch (JMException e) {
        throw new RegistrationException(name.toString(), "could not be taken away: " + e, e);
      }
    }
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
