package org.ouroboros.benchmarks.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a subject showed during one op; it is filled while the op runs, and used again for the next.
 */
final class Observation {

  final IdList dead = new IdList();
  final IdList finalized = new IdList();
  final IdList callbacks = new IdList();
  final List<Deref> derefs = new ArrayList<>();

  /** Finalizers and callbacks as they came: ids of objects, and of weak references negated. */
  private final IdList events = new IdList();

  private long unraisable;
  private @Nullable String result;
  private @Nullable Throwable failure;

  void clear() {
    dead.clear();
    finalized.clear();
    callbacks.clear();
    derefs.clear();
    events.clear();
    unraisable = 0;
    result = null;
    failure = null;
  }

  void sawFinalizer(long object) {
    finalized.add(object);
    events.add(object);
  }

  void sawCallback(long weak) {
    callbacks.add(weak);
    events.add(-weak);
  }

  void sawUnraisable(long count) {
    unraisable += count;
  }

  /** Notes what the subject threw where it should not have, unless something went wrong before. */
  void sawFailure(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
  }

  void answer(long number) {
    result = Long.toString(number);
  }

  void answer(boolean truth) {
    result = Boolean.toString(truth);
  }

  void answerNull() {
    result = "null";
  }

  /** Answers with a string, which must not need escapes. */
  void answer(String word) {
    result = '"' + word + '"';
  }

  /** Answers with ids; they are sorted here. */
  void answer(long[] ids) {
    long[] sorted = ids.clone();
    Arrays.sort(sorted);
    result = json(sorted);
  }

  /** An answer with an id, or null. */
  void answerId(long id) {
    if (id == Op.NOTHING) {
      answerNull();
    } else {
      answer(id);
    }
  }

  /** A list of numbers as the result has it. */
  static String json(long[] ids) {
    StringBuilder text = new StringBuilder("[");
    for (long id : ids) {
      text.append(text.length() == 1 ? "" : ",").append(id);
    }
    return text.append(']').toString();
  }

  List<String> events() {
    return LongStream.of(events.toArray()).mapToObj(e -> e > 0 ? "f" + e : "c" + -e).toList();
  }

  long unraisable() {
    return unraisable;
  }

  @Nullable String result() {
    return result;
  }

  @Nullable Throwable failure() {
    return failure;
  }
}
