package org.ouroboros.allocator;

import java.util.EnumMap;
import java.util.Map;

/**
 * Which allocator serves which {@link Domain}: the counterpart of CPython's {@code
 * PyMem_GetAllocator} and {@code PyMem_SetAllocator}.
 *
 * <p>{@link #get} gives the face of a domain, which users keep and call; {@link #current} what
 * serves behind it now, and {@link #set} puts another in its place. While blocks of a domain are
 * live only a wrapper around its allocator may be set, or be taken off, and only one that {@link
 * ForwardingAllocator#sharesBlocks}; anything else is refused with the number of live blocks. An
 * allocator that is {@link DomainTagging} is set as its face for the domain.
 *
 * <p>The registry closes no allocator.
 *
 * <p>Thread rule: every method may be called from any thread. The faces may be used from the
 * threads from which their allocator may. Cost: a face counts the live blocks, some ten nanoseconds
 * for a block and its free; who does not swap calls {@link #current} directly.
 */
public final class Domains {

  private final Map<Domain, DomainFace> faces = new EnumMap<>(Domain.class);

  private Domains(Allocator initial) {
    for (Domain domain : Domain.values()) {
      faces.put(domain, new DomainFace(domain, of(initial, domain)));
    }
  }

  /**
   * The registry of the process, in which {@link Allocators#defaultAllocator()} serves all domains
   * at first.
   *
   * @return the same registry at every call
   * @throws AllocatorUnavailableException if the default allocator cannot be had; the next call
   *     tries again
   */
  public static Domains process() {
    // Outside of the holder, whose failing would be for good.
    Allocators.defaultAllocator();
    return OfProcess.DOMAINS;
  }

  /**
   * A registry of its own, for an embedder with several.
   *
   * @param initial what serves all domains at first
   * @return a new registry
   */
  public static Domains startingWith(Allocator initial) {
    return new Domains(initial);
  }

  /**
   * The face of a domain, which goes on where another allocator is set. Closing it does nothing.
   *
   * @param domain the domain
   * @return the same face at every call
   */
  public Allocator get(Domain domain) {
    return face(domain);
  }

  /**
   * What serves a domain now. Its blocks are not counted if it is called past the face.
   *
   * @param domain the domain
   * @return the allocator
   */
  public Allocator current(Domain domain) {
    return face(domain).current();
  }

  /**
   * Lets another allocator serve a domain.
   *
   * @param domain the domain
   * @param allocator what is to serve; must be thread-safe where the domain is used from several
   *     threads
   * @return what served before; it is still open
   * @throws SwapRefusedException if blocks are live and the one is no wrapper of the other
   */
  public Allocator set(Domain domain, Allocator allocator) {
    return face(domain).set(of(allocator, domain));
  }

  /**
   * How many blocks of a domain are live.
   *
   * @param domain the domain
   * @return blocks that were allocated through the face and not freed through it
   */
  public long liveBlocks(Domain domain) {
    return face(domain).liveBlocks();
  }

  private DomainFace face(Domain domain) {
    DomainFace face = faces.get(domain);
    if (face == null) {
      throw new AssertionError(domain);
    }
    return face;
  }

  private static Allocator of(Allocator allocator, Domain domain) {
    Allocator inner =
        allocator instanceof ProcessAllocator(Allocator delegate) ? delegate : allocator;
    return inner instanceof DomainTagging tagging ? tagging.forDomain(domain) : allocator;
  }

  /** Made at the first use. */
  private static final class OfProcess {
    static final Domains DOMAINS = new Domains(Allocators.defaultAllocator());
  }
}
