package org.ouroboros.benchmarks.latency;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.allocator.OuroborosAllocator;

/**
 * What can be measured: the default allocator, pre-touched and never purged, as a confined view and
 * by its shared face; every native allocator found; and {@value #CLOCK}, which makes no call, so
 * that its times are those of reading the clock.
 */
final class Subjects {

  static final String OUROBOROS = "ouroboros";
  static final String SHARED = "ouroboros-shared";
  static final String CLOCK = "clock";

  private static final long TOUCHED = 128L << 20;

  private Subjects() {}

  /** All that can be had, by name, with what they are. */
  static Map<String, String> known() {
    Map<String, String> known = new LinkedHashMap<>();
    for (Availability one : Allocators.list()) {
      if (one.available() && !known.containsValue(one.detail())) {
        known.put(one.name(), one.detail());
        if (one.name().equals(OUROBOROS)) {
          known.put(SHARED, one.detail() + ", shared face");
        }
      }
    }
    known.put(CLOCK, "no call: two readings of the clock");
    return known;
  }

  /**
   * Chooses by names.
   *
   * @throws IllegalArgumentException if a name is not known or not to be had; one line
   */
  static List<String> choose(String names) {
    Map<String, String> known = known();
    if (names.equals("all")) {
      return List.copyOf(known.keySet());
    }
    List<String> chosen = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      if (!known.containsKey(name.strip())) {
        throw new IllegalArgumentException(
            "no allocator '"
                + name.strip()
                + "' here; found are "
                + String.join(", ", known.keySet()));
      }
      chosen.add(name.strip());
    }
    return chosen;
  }

  /** Opens one for the calling thread; null for the clock. */
  static @Nullable Allocator open(String name) {
    return switch (name) {
      case CLOCK -> null;
      case OUROBOROS -> touched().confined();
      case SHARED -> touched();
      default -> Allocators.of(name);
    };
  }

  private static OuroborosAllocator touched() {
    return OuroborosAllocator.builder()
        .preTouch(TOUCHED)
        .purge(OuroborosAllocator.Purge.NEVER)
        .build();
  }
}
