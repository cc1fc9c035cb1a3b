package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The code that a stop shows: what stands between comments {@code FAQ} and {@code FAQ end} in its
 * sources. The build puts the sources of this package beside its classes.
 */
final class Snippets {

  private static final Pattern MARKED =
      Pattern.compile("(?m)^ *// FAQ\\n(.*?)^ *// FAQ end$", Pattern.DOTALL);

  private Snippets() {}

  /**
   * The code of a stop.
   *
   * @return lines without a common indent; pieces are set apart by an empty line
   * @throws IOException if this build lacks a source, or nothing is marked in it
   */
  static String of(Stop stop) throws IOException {
    List<String> pieces = new ArrayList<>();
    for (String name : stop.sources()) {
      int before = pieces.size();
      Matcher marked = MARKED.matcher(source(name + ".java"));
      while (marked.find()) {
        pieces.add(marked.group(1).stripTrailing().stripIndent());
      }
      if (pieces.size() == before) {
        throw new IOException("nothing is marked with // FAQ in " + name);
      }
    }
    return String.join("\n\n", pieces);
  }

  private static String source(String file) throws IOException {
    try (InputStream in = Snippets.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException("this build lacks the source " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
