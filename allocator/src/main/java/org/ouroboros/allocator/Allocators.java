package org.ouroboros.allocator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Allocators by name.
 *
 * <p>A name is that of a provider, and suffixes for what is put around its allocator: {@code
 * mimalloc_debug} is {@code mimalloc} with a debugger around it. The providers:
 *
 * <ul>
 *   <li>{@code ouroboros}: {@link OuroborosAllocator}, which is always there.
 *   <li>{@code libc}, {@code mimalloc}, {@code jemalloc}, {@code tcmalloc}, {@code rpmalloc}: those
 *       of C libraries. They need native access and the library; it is looked for as the file that
 *       the system property {@code ouroboros.native.NAME} names, then in the process (as {@code
 *       LD_PRELOAD} brings it), where the system keeps libraries, and in LWJGL's jars on the class
 *       path.
 *   <li>{@code mimalloc-lwjgl}, {@code jemalloc-lwjgl}: LWJGL's build, if it is on the class path,
 *       whatever else is installed.
 *   <li>{@code region}: {@link org.ouroboros.allocator.region.RegionAllocator}, which is always
 *       there and frees everything at once when it is closed.
 *   <li>{@code bdwgc}: {@link org.ouroboros.allocator.bdwgc.BoehmAllocator}, the collector libgc.
 *       It needs native access and the library, which is looked for as those above.
 *   <li>{@code native:LIBRARY} and {@code native:LIBRARY:PREFIX}: any C library with {@code
 *       malloc}, {@code calloc}, {@code realloc}, {@code free}, {@code memalign} or {@code
 *       aligned_alloc}, and {@code malloc_usable_size}, all with the prefix or without. LIBRARY is
 *       a path or a name for the dynamic linker.
 *   <li>Every {@link AllocatorProvider} that the class path or the module path brings as a service.
 * </ul>
 *
 * <p>The suffixes are those of the {@link AllocatorDecorator}s, built in or brought as services:
 *
 * <ul>
 *   <li>{@code _debug} finds misuse of memory, see {@link
 *       org.ouroboros.allocator.debug.DebugAllocator}.
 *   <li>{@code _guard} finds it in one block in a thousand, at next to no cost, see {@link
 *       org.ouroboros.allocator.guard.GuardAllocator}.
 *   <li>{@code _trace} knows where live blocks were allocated, see {@link
 *       org.ouroboros.allocator.trace.TracingAllocator}.
 *   <li>{@code _record} writes what is asked of the allocator to a file, see {@link
 *       org.ouroboros.allocator.record.RecordingAllocator}.
 * </ul>
 *
 * <p>Thread rule: every method may be called from any thread.
 */
public final class Allocators {

  /** The system property that names the default allocator. */
  public static final String DEFAULT_PROPERTY = "ouroboros.malloc";

  /** The environment variable that names it where the system property is not set. */
  public static final String DEFAULT_VARIABLE = "OUROBOROS_MALLOC";

  private static final Object LOCK = new Object();

  /** Written once, under the lock. */
  private static volatile @Nullable Allocator defaultAllocator;

  private Allocators() {}

  /**
   * Makes an allocator.
   *
   * @param name its name, see above
   * @return a new one, which the caller closes
   * @throws AllocatorUnavailableException if the name is not known, or the allocator cannot be had;
   *     the message lists the known names, or says why and the cure
   */
  public static Allocator of(String name) {
    return AllocatorName.parse(name, AllocatorRegistry.load()).create();
  }

  /**
   * Puts decorators around an allocator that the caller already has.
   *
   * @param inner the allocator that is to serve; closing the decorator closes it
   * @param suffixes such as {@code debug} or {@code debug_record}, the innermost first
   * @return the outermost decorator
   * @throws AllocatorUnavailableException if a suffix is not known, or a decorator cannot be had. A
   *     decorator that fails closes {@code inner}
   */
  public static Allocator decorate(Allocator inner, String suffixes) {
    return AllocatorName.around(inner, suffixes, AllocatorRegistry.load()).create();
  }

  /**
   * The allocator of the process, made at the first call: that which the system property {@value
   * #DEFAULT_PROPERTY} names, else the one that the environment variable {@value #DEFAULT_VARIABLE}
   * names, else that of the first {@link AllocatorProvider} service that is available, else {@code
   * ouroboros}. It may be used from any thread. Closing it does nothing: it is everybody's.
   *
   * @return the same allocator at every call
   * @throws AllocatorUnavailableException if what is named is not known or cannot be had; the next
   *     call tries again
   */
  public static Allocator defaultAllocator() {
    Allocator made = defaultAllocator;
    return made != null ? made : makeDefault();
  }

  private static Allocator makeDefault() {
    synchronized (LOCK) {
      Allocator made = defaultAllocator;
      if (made == null) {
        made = new ProcessAllocator(chosen());
        defaultAllocator = made;
      }
      return made;
    }
  }

  private static Allocator chosen() {
    AllocatorRegistry registry = AllocatorRegistry.load();
    String property = System.getProperty(DEFAULT_PROPERTY);
    String variable = System.getenv(DEFAULT_VARIABLE);
    String name =
        property != null && !property.isBlank()
            ? property.strip()
            : variable != null && !variable.isBlank() ? variable.strip() : preferred(registry);
    return AllocatorName.parse(name, registry).create();
  }

  /** Whoever puts a provider on the class path has chosen it, unless a name says otherwise. */
  private static String preferred(AllocatorRegistry registry) {
    for (AllocatorProvider service : registry.services()) {
      AllocatorName name = AllocatorName.parse(service.name(), registry);
      if (name.availability().available()) {
        return name.text();
      }
    }
    return OuroborosProvider.NAME;
  }

  /**
   * The names that {@link #of} knows without suffixes, whether or not they can be had.
   *
   * @return the names, {@code ouroboros} first
   */
  public static List<String> names() {
    return AllocatorRegistry.load().providerNames();
  }

  /**
   * The suffixes that {@link #of} knows, without the underscore.
   *
   * @return the suffixes
   */
  public static List<String> suffixes() {
    return AllocatorRegistry.load().suffixes();
  }

  /**
   * Whether a name can be had, with suffixes or without.
   *
   * @param name what would be given to {@link #of}
   * @return the answer, with the reason; its name is the one that was asked for
   * @throws AllocatorUnavailableException if the name is not known
   */
  public static Availability availability(String name) {
    return AllocatorName.parse(name, AllocatorRegistry.load()).availability();
  }

  /**
   * What can be had here and now, and why the rest cannot. Opens the libraries that it finds, and
   * prints nothing.
   *
   * @return a row for each of {@link #names()}, less those that are one library under two names
   */
  public static List<Availability> list() {
    List<Availability> rows = new ArrayList<>();
    Set<String> found = new HashSet<>();
    AllocatorRegistry registry = AllocatorRegistry.load();
    for (String name : registry.providerNames()) {
      Availability row = AllocatorName.parse(name, registry).availability();
      if (!row.available() || found.add(row.detail())) {
        rows.add(row);
      }
    }
    return rows;
  }
}
