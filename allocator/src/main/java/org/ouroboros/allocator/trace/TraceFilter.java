package org.ouroboros.allocator.trace;

import java.util.regex.Pattern;

/**
 * Which traces of a {@link Snapshot} are kept. Of several filters, a trace must match one of the
 * inclusive ones, if there are any, and must be dropped by none of the exclusive ones.
 *
 * @param inclusive whether what matches is kept; else it is dropped
 * @param pattern the file of a frame, as in {@link Frame#file}: {@code *} stands for any
 *     characters, slashes too, {@code ?} for one, {@code [ab]} for one of these, {@code [!ab]} for
 *     one that is none of these; upper and lower case differ
 * @param line the line of the frame; {@link #ANY} for any
 * @param allFrames whether any frame may be the one that matches; else only the innermost
 * @param domain the domain of the trace; {@link #ANY} for any
 */
public record TraceFilter(
    boolean inclusive, String pattern, int line, boolean allFrames, int domain) {

  /** What stands for any line, and for any domain. */
  public static final int ANY = -1;

  /** Checks the ranges. */
  public TraceFilter {
    if (line < 0 && line != ANY || domain < 0 && domain != ANY) {
      throw new IllegalArgumentException(
          "line " + line + " and domain " + domain + " must be 0 or more, or ANY");
    }
  }

  /**
   * Keeps traces whose innermost frame is in a file.
   *
   * @param pattern see {@link #pattern}
   * @return the filter
   */
  public static TraceFilter include(String pattern) {
    return new TraceFilter(true, pattern, ANY, false, ANY);
  }

  /**
   * Drops traces whose innermost frame is in a file.
   *
   * @param pattern see {@link #pattern}
   * @return the filter
   */
  public static TraceFilter exclude(String pattern) {
    return new TraceFilter(false, pattern, ANY, false, ANY);
  }

  /**
   * Keeps the traces of a domain.
   *
   * @param domain 0 or more
   * @return the filter
   */
  public static TraceFilter includeDomain(int domain) {
    return new TraceFilter(true, "*", ANY, false, domain);
  }

  /**
   * Drops the traces of a domain.
   *
   * @param domain 0 or more
   * @return the filter
   */
  public static TraceFilter excludeDomain(int domain) {
    return new TraceFilter(false, "*", ANY, false, domain);
  }

  /**
   * This filter, for one line only.
   *
   * @param number 0 or more, or {@link #ANY}
   * @return the filter
   */
  public TraceFilter atLine(int number) {
    return new TraceFilter(inclusive, pattern, number, allFrames, domain);
  }

  /**
   * This filter, where any frame may match.
   *
   * @return the filter
   */
  public TraceFilter onAllFrames() {
    return new TraceFilter(inclusive, pattern, line, true, domain);
  }

  /** Made ready to be applied to many traces. */
  Matcher matcher() {
    return new Matcher(this, toRegex(pattern));
  }

  /** A filter and what its pattern means. */
  record Matcher(TraceFilter filter, Pattern regex) {

    /** Whether the filter lets it pass. */
    boolean passes(int domain, Traceback traceback) {
      boolean matches =
          (filter.domain == ANY || filter.domain == domain)
              && (filter.allFrames
                  ? traceback.frames().stream().anyMatch(this::matches)
                  : matches(traceback.site()));
      return matches == filter.inclusive;
    }

    private boolean matches(Frame frame) {
      return (filter.line == ANY || filter.line == frame.line())
          && regex.matcher(frame.file()).matches();
    }
  }

  private static Pattern toRegex(String pattern) {
    StringBuilder regex = new StringBuilder();
    int i = 0;
    while (i < pattern.length()) {
      char c = pattern.charAt(i);
      int end = c == '[' ? closing(pattern, i) : -1;
      if (end > 0) {
        regex.append(characterSet(pattern.substring(i + 1, end)));
        i = end + 1;
      } else {
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        i++;
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Where the set ends that begins at {@code open}; -1 if it does not: then it is a bracket. */
  private static int closing(String pattern, int open) {
    int first = open + (pattern.startsWith("!", open + 1) ? 2 : 1);
    return pattern.indexOf(']', first + 1);
  }

  private static String characterSet(String set) {
    boolean negated = set.startsWith("!");
    StringBuilder regex = new StringBuilder(negated ? "[^" : "[");
    for (char c : set.substring(negated ? 1 : 0).toCharArray()) {
      regex.append(c == '-' || Character.isLetterOrDigit(c) ? "" : "\\").append(c);
    }
    return regex.append(']').toString();
  }
}
