package org.ouroboros.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.ouroboros.allocator.Allocators;

/** The spaces that every test of a heap runs on. */
@SuppressWarnings("exports") // of JUnit, for tests of other packages
public final class Spaces {

  private Spaces() {}

  /** Options for the paged space, and for the allocators of this machine. */
  public static Stream<Named<HeapOptions>> all() {
    Stream<Named<HeapOptions>> onAllocators =
        Allocators.list().stream()
            .filter(found -> found.available())
            .map(found -> found.name())
            .filter(
                name -> name.equals("ouroboros") || name.equals("libc") || name.equals("mimalloc"))
            .map(Spaces::on);
    return Stream.concat(Stream.of(Named.of("paged", HeapOptions.DEFAULT)), onAllocators);
  }

  /** Options for one allocator. */
  public static Named<HeapOptions> on(String allocator) {
    return Named.of(
        "on " + allocator, HeapOptions.DEFAULT.withAllocator(() -> Allocators.of(allocator)));
  }

  /** Every space in every mode. */
  public static Stream<Named<HeapOptions>> inAllModes() {
    return all()
        .flatMap(
            space ->
                Stream.of(HeapMode.values())
                    .map(
                        mode ->
                            Named.of(
                                space.getName() + ", " + mode, space.getPayload().withMode(mode))));
  }

  /** Ends a test: everything is as the heap says. */
  public static void verify(Heap heap) {
    assertThat(heap.inspector().verify()).isEmpty();
  }
}
