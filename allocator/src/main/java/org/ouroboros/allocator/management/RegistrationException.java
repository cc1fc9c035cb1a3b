package org.ouroboros.allocator.management;

import org.ouroboros.allocator.AllocatorException;

/** A bean that could not be registered, or be taken away. Nothing has changed. */
public final class RegistrationException extends AllocatorException {

  private static final long serialVersionUID = 1L;

  /** The name of the bean. */
  private final String name;

  RegistrationException(String name, String reason, Throwable cause) {
    super("the MBean name " + name + " " + reason, cause);
    this.name = name;
  }

  /**
   * The name that it was about.
   *
   * @return the whole name, with domain and type
   */
  public String name() {
    return name;
  }
}
