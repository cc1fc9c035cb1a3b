package org.ouroboros.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.collector.heap.SharedHeap;

/**
 * The spaces that every test of a heap runs on: the paged one, and allocators by their names.
 *
 * <p>Which, the system property {@code spaces} tells: {@code usual}, the default, so that a build
 * is short; {@code all}, as the profile {@code stress} has it; or names and commas, of which none
 * may be missing: {@code mvn verify -Dtests.spaces=tcmalloc,libc_debug} runs the suite on these
 * alone.
 */
@SuppressWarnings("exports") // of JUnit, for tests of other packages
public final class Spaces {

  static final String PAGED = "paged";

  private static final String SHARED = "shared";

  private static final List<String> USUAL = List.of(PAGED, "ouroboros", "libc", "mimalloc");

  private static final List<String> FURTHER =
      List.of("tcmalloc", "jemalloc", "rpmalloc", "ouroboros_debug", "libc_debug");

  private static final String CHOSEN = System.getProperty("spaces", "usual");

  private Spaces() {}

  /** Options for each space that was chosen. */
  public static Stream<Named<HeapOptions>> all() {
    return switch (CHOSEN) {
      case "usual" -> available(USUAL).map(Spaces::on);
      case "all" -> everywhere();
      default -> Stream.of(CHOSEN.split(",")).map(Spaces::on);
    };
  }

  /**
   * Options for each space that this machine has, whatever was chosen: for tests that are short.
   */
  public static Stream<Named<HeapOptions>> everywhere() {
    return available(names().toList()).map(Spaces::on);
  }

  /** What {@link #all} gives, and the paged space with more than one marking thread. */
  public static Stream<Named<HeapOptions>> allAndThreads() {
    return Stream.concat(
        all(), Stream.of(Named.of("paged, marking threads", withThreads(HeapOptions.DEFAULT))));
  }

  /** The paged space of a shared heap, for {@link #open}. */
  public static Named<HeapOptions> shared() {
    return Named.of(SHARED, HeapOptions.DEFAULT.withName(SHARED));
  }

  /** Makes a heap; a shared one that lends references, where it is for {@link #shared}. */
  public static Heap open(HeapOptions options) {
    return options.name().equals(SHARED) ? SharedHeap.thatLends(options) : Heap.ofConfined(options);
  }

  /** The options with two marking threads, or one where there is one processor. */
  public static HeapOptions withThreads(HeapOptions options) {
    return options.withMarkingThreads(Math.min(2, Runtime.getRuntime().availableProcessors()));
  }

  /** All names, of spaces that this machine does not have as well. */
  static Stream<String> names() {
    return Stream.concat(USUAL.stream(), FURTHER.stream());
  }

  private static Stream<String> available(List<String> names) {
    return names.stream()
        .filter(name -> name.equals(PAGED) || Allocators.availability(name).available());
  }

  private static Named<HeapOptions> on(String name) {
    return name.equals(PAGED)
        ? Named.of(PAGED, HeapOptions.DEFAULT)
        : Named.of("on " + name, HeapOptions.DEFAULT.withAllocator(() -> Allocators.of(name)));
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
