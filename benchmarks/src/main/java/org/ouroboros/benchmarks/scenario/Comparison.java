package org.ouroboros.benchmarks.scenario;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares what was seen with what was expected: lists in their order if the file says so, else as
 * multisets; the dead as a set always, everything else exactly.
 */
final class Comparison {

  private Comparison() {}

  /** The first field that differs, or null. */
  static @Nullable Difference of(Expectation want, Observation seen) {
    Throwable failure = seen.failure();
    if (failure != null) {
      return new Difference("exception", "none", failure.toString());
    }
    Difference found = ids("dead", want.dead(), seen.dead, false);
    if (found == null) {
      found = ids("finalized", want.finalized(), seen.finalized, want.ordered());
    }
    if (found == null) {
      found = ids("callbacks", want.callbacks(), seen.callbacks, want.ordered());
    }
    if (found == null) {
      found = events(want, seen);
    }
    if (found == null) {
      found = derefs(want, seen);
    }
    if (found == null && want.unraisable() != seen.unraisable()) {
      found = new Difference("unraisable", "" + want.unraisable(), "" + seen.unraisable());
    }
    return found == null ? result(want.result(), seen.result()) : found;
  }

  private static @Nullable Difference ids(String field, IdRuns want, IdList seen, boolean ordered) {
    if (want.size() == 0 && seen.isEmpty()) {
      return null;
    }
    if (want.size() == seen.size()) {
      long[] wanted = want.toArray();
      long[] got = seen.toArray();
      if (!ordered) {
        Arrays.sort(wanted);
        Arrays.sort(got);
      }
      int at = Arrays.mismatch(wanted, got);
      return at < 0 ? null : new Difference(field, from(wanted, at), from(got, at));
    }
    long[] got = seen.toArray();
    if (!ordered) {
      Arrays.sort(got);
    }
    return new Difference(field, want.toString(), IdRuns.text(got, got.length));
  }

  /** A list from where it differs: its beginning is of no use in a message. */
  private static String from(long[] ids, int at) {
    int begin = Math.max(0, at - 2);
    long[] rest = Arrays.copyOfRange(ids, begin, ids.length);
    String text = IdRuns.text(rest, rest.length);
    return begin == 0 ? text : "from position " + begin + " " + text;
  }

  private static @Nullable Difference events(Expectation want, Observation seen) {
    List<String> wanted = want.events();
    if (wanted == null) {
      return null;
    }
    List<String> got = seen.events();
    if (!want.ordered()) {
      wanted = wanted.stream().sorted().toList();
      got = got.stream().sorted().toList();
    }
    return wanted.equals(got) ? null : new Difference("events", wanted.toString(), got.toString());
  }

  private static @Nullable Difference derefs(Expectation want, Observation seen) {
    List<Deref> wanted = want.derefs();
    List<Deref> got = seen.derefs;
    if (!want.ordered()) {
      wanted = wanted.stream().sorted(Deref.ORDER).toList();
      got = got.stream().sorted(Deref.ORDER).toList();
    }
    return wanted.equals(got) ? null : new Difference("derefs", wanted.toString(), got.toString());
  }

  private static @Nullable Difference result(@Nullable String want, @Nullable String got) {
    String wanted = want == null ? "none" : want;
    String seen = got == null ? "none" : got;
    return wanted.equals(seen) ? null : new Difference("result", wanted, seen);
  }
}
