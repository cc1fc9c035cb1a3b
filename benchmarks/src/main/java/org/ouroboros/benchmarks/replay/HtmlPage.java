package org.ouroboros.benchmarks.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The frame of a report: one page that needs nothing else, its style is in it. */
public final class HtmlPage {

  private static final String STYLE = "report.css";

  private HtmlPage() {}

  /**
   * Makes a page.
   *
   * @param title its name and heading
   * @param body what follows the heading, in HTML
   * @return the page
   * @throws IOException if this build lacks the style
   */
  public static String of(String title, CharSequence body) throws IOException {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        + Html.element("title", title)
        + "\n<style>\n"
        + style()
        + "</style></head>\n<body>\n"
        + Html.element("h1", title)
        + "\n"
        + body
        + "</body></html>\n";
  }

  private static String style() throws IOException {
    try (InputStream in = HtmlPage.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IOException("this build lacks " + STYLE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
