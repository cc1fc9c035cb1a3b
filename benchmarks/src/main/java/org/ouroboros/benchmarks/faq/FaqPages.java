package org.ouroboros.benchmarks.faq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ouroboros.benchmarks.replay.Html;
import org.ouroboros.benchmarks.replay.HtmlPage;
import org.ouroboros.benchmarks.replay.MachineFacts;

/** The tour as text, as one HTML page that needs nothing else, and as Markdown. */
final class FaqPages {

  private static final String TITLE = "How does Python manage memory? A tour that runs";

  private static final String LEAD =
      "The paragraphs of Python's FAQ on memory, each with a small program on a heap of this"
          + " project that shows it.";

  private static final String VARYING =
      "Lines that begin with ~ differ from run to run and from machine to machine; all others are"
          + " the same in every run.";

  private static final String SOURCES =
      "https://docs.python.org/3/faq/design.html#how-does-python-manage-memory";

  private static final int WIDTH = 96;

  private FaqPages() {}

  /** A stop in lines for a terminal. */
  static List<String> text(Visit visit) {
    List<String> lines = new ArrayList<>();
    String title = visit.stop().label() + ": " + visit.stop().title();
    lines.add(title);
    lines.add("=".repeat(title.length()));
    for (String paragraph : visit.paragraphs()) {
      lines.addAll(wrapped(paragraph));
      lines.add("");
    }
    visit.code().lines().map(line -> line.isEmpty() ? "" : "    " + line).forEach(lines::add);
    lines.add("");
    visit.output().stream().map(line -> "  > " + line).forEach(lines::add);
    lines.add("");
    return lines;
  }

  private static List<String> wrapped(String paragraph) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : paragraph.split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** The tour in HTML. */
  static String html(List<Visit> visits) throws IOException {
    StringBuilder html = new StringBuilder("<p class=\"lead\">");
    html.append(Html.text(LEAD)).append("</p>\n");
    html.append("<p class=\"soft\">").append(Html.text(VARYING)).append(" The questions: ");
    html.append("<a href=\"").append(SOURCES).append("\">Python's FAQ</a>.</p>\n");
    for (Visit visit : visits) {
      html.append(Html.element("h2", visit.stop().title()));
      visit.paragraphs().forEach(one -> html.append("<p>").append(inline(one)).append("</p>\n"));
      html.append("<div class=\"pair\">\n<div class=\"card\"><pre>");
      html.append(Html.text(visit.code())).append("</pre></div>\n<div class=\"card\"><pre>");
      html.append(Html.text(String.join("\n", visit.output()))).append("</pre>");
      if (visit.failure() != null) {
        html.append("<p class=\"bad\">Failed: ").append(Html.text(visit.failure())).append("</p>");
      }
      html.append("</div>\n</div>\n").append(visit.charts());
    }
    html.append("<h2>How the figures were taken</h2>\n<ul class=\"notes\">\n");
    html.append(Html.element("li", "Machine: " + MachineFacts.read()));
    return HtmlPage.of(TITLE, html.append("\n</ul>\n"));
  }

  /** A paragraph in HTML, with words between backticks as code. */
  private static String inline(String paragraph) {
    return Html.text(paragraph).replaceAll("`([^`]+)`", "<code>$1</code>");
  }

  /** The tour in Markdown: the page of the documentation. */
  static String markdown(List<Visit> visits) {
    StringBuilder page = new StringBuilder("# ").append(TITLE).append("\n\n");
    page.append(LEAD).append(" The questions: [Python's FAQ](").append(SOURCES).append(").\n\n");
    page.append("Made by `java -jar benchmarks/target/benchmarks.jar faq --page FILE.md`; with");
    page.append(" `--report FILE.html` there are charts, and `faq STOP...` makes single stops.\n");
    page.append(VARYING).append('\n');
    for (Visit visit : visits) {
      page.append("\n## ").append(visit.stop().title()).append("\n\n");
      page.append("`faq ").append(visit.stop().label()).append("`\n\n");
      for (String paragraph : visit.paragraphs()) {
        page.append(String.join("\n", wrapped(paragraph))).append("\n\n");
      }
      page.append("```java\n").append(visit.code()).append("\n```\n\n");
      page.append("```text\n").append(String.join("\n", visit.output())).append("\n```\n");
    }
    return page.toString();
  }
}
