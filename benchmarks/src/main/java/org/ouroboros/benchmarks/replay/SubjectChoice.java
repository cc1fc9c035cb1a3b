package org.ouroboros.benchmarks.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.allocator.bdwgc.BoehmAllocator;
import org.ouroboros.allocator.region.RegionAllocator;

/**
 * Which allocators there are to choose from, and which were chosen.
 *
 * @param subjects those to be measured
 * @param missing those that cannot be had, with the reason and the cure, each a line
 */
record SubjectChoice(List<Subject> subjects, List<String> missing) {

  private static final String ALL = "all";

  SubjectChoice {
    subjects = List.copyOf(subjects);
    missing = List.copyOf(missing);
  }

  /**
   * Chooses by names.
   *
   * @param names names separated by commas, or {@code all}
   * @param threads whether traces are replayed on threads, where the shared face is all there is
   * @throws IllegalArgumentException if a name is not known or not to be had; one line
   */
  static SubjectChoice of(String names, boolean threads) {
    Map<String, Availability> known = known(threads);
    if (names.equals(ALL)) {
      return all(known);
    }
    List<Subject> subjects = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      Availability found = find(name.strip(), known);
      if (!found.available()) {
        throw new IllegalArgumentException(
            "allocator " + found.name() + " cannot be had: " + found.detail());
      }
      Subject subject = subject(found);
      if (!subjects.contains(subject)) {
        subjects.add(subject);
      }
    }
    return new SubjectChoice(subjects, List.of());
  }

  /** A name of the list, or one with suffixes, such as {@code ouroboros_debug}. */
  private static Availability find(String name, Map<String, Availability> known) {
    Availability found = known.get(name);
    if (found != null) {
      return found;
    }
    try {
      return Allocators.availability(name);
    } catch (AllocatorUnavailableException e) {
      throw new IllegalArgumentException(
          "unknown allocator '"
              + name
              + "'; known are "
              + String.join(", ", known.keySet())
              + ", and these with suffixes _"
              + String.join(", _", Allocators.suffixes()),
          e);
    }
  }

  private static SubjectChoice all(Map<String, Availability> known) {
    List<Subject> subjects = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    Map<String, String> byDetail = new LinkedHashMap<>();
    for (Availability one : known.values()) {
      boolean java = WorkerAllocators.isOuroboros(one.name());
      String same = java ? null : byDetail.putIfAbsent(one.detail(), one.name());
      if (one.name().equals(RegionAllocator.NAME)) {
        missing.add(one.name() + " left out: it keeps what is freed; name it to measure it");
      } else if (one.name().equals(BoehmAllocator.NAME)) {
        missing.add(one.name() + " left out: it is made to be collected; name it to measure it");
      } else if (!one.available()) {
        missing.add(one.name() + " not measured: " + one.detail());
      } else if (same != null) {
        missing.add(one.name() + " left out: it is the same library as " + same);
      } else {
        subjects.add(subject(one));
      }
    }
    return new SubjectChoice(subjects, missing);
  }

  /** All allocators by name, in the order of the tables. */
  static Map<String, Availability> known(boolean threads) {
    Map<String, Availability> known = new LinkedHashMap<>();
    for (Availability one : Allocators.list()) {
      known.put(one.name(), one);
      if (one.name().equals(WorkerAllocators.OUROBOROS) && !threads) {
        String shared = WorkerAllocators.OUROBOROS_SHARED;
        known.put(shared, new Availability(shared, one.available(), one.detail()));
      }
    }
    return known;
  }

  private static Subject subject(Availability one) {
    boolean java = WorkerAllocators.isJava(one.name());
    return new Subject(one.name(), one.detail(), java ? Subject.Kind.JAVA : Subject.Kind.NATIVE);
  }
}
