package org.ouroboros.allocator;

import java.util.ArrayList;
import java.util.List;
import org.ouroboros.allocator.foreign.NativeProvider;

/**
 * Allocators by name.
 *
 * <ul>
 *   <li>{@code libc}, {@code mimalloc}, {@code jemalloc}, {@code tcmalloc}: those of C libraries.
 *       They need native access and the library; it is looked for as the file that the system
 *       property {@code ouroboros.native.NAME} names, then in the process (as {@code LD_PRELOAD}
 *       brings it), where the system keeps libraries, and in LWJGL's jars on the class path.
 *   <li>{@code mimalloc-lwjgl}, {@code jemalloc-lwjgl}: LWJGL's build, if it is on the class path,
 *       whatever else is installed.
 * </ul>
 *
 * <p>Thread rule: every method may be called from any thread.
 */
public final class Allocators {

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
    return provider(name).create();
  }

  /**
   * The names that {@link #of} knows, whether or not they can be had.
   *
   * @return the names, the default first
   */
  public static List<String> names() {
    return providers().stream().map(AllocatorProvider::name).toList();
  }

  /**
   * What can be had here and now, and why the rest cannot. Opens the libraries that it finds.
   *
   * @return a row for each of {@link #names()}
   */
  public static List<Availability> list() {
    return providers().stream().map(AllocatorProvider::availability).toList();
  }

  private static AllocatorProvider provider(String name) {
    for (AllocatorProvider provider : providers()) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    throw new AllocatorUnavailableException(
        name, "the name is not known; known are " + String.join(", ", names()), null);
  }

  private static List<AllocatorProvider> providers() {
    return new ArrayList<>(NativeProvider.all());
  }
}
