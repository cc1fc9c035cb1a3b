package org.ouroboros.allocator;

/**
 * An {@link Allocator} that marks blocks with their {@link Domain}, and refuses to free or resize
 * them in another.
 */
public interface DomainTagging {

  /**
   * The face for a domain. All faces serve from the same memory and are closed together.
   *
   * @param domain what its blocks are marked with
   * @return the face
   */
  Allocator forDomain(Domain domain);
}
