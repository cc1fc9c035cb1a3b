package org.ouroboros.benchmarks.replay;

/** Pieces of HTML and SVG. */
final class Html {

  private Html() {}

  /** Text that may contain anything, for content and quoted attributes. */
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** An element with text in it. */
  static String element(String name, String text) {
    return "<" + name + ">" + text(text) + "</" + name + ">";
  }

  /** A coordinate, to a tenth of a pixel. */
  static String at(double coordinate) {
    return Figures.fixed(coordinate, 1);
  }

  /** SVG text. */
  static String label(double x, double y, String anchor, String cssClass, String text) {
    return "<text x=\""
        + at(x)
        + "\" y=\""
        + at(y)
        + "\" text-anchor=\""
        + anchor
        + "\" class=\""
        + cssClass
        + "\">"
        + text(text)
        + "</text>";
  }

  /** An SVG line. */
  static String line(double x1, double y1, double x2, double y2, String cssClass) {
    return "<line x1=\""
        + at(x1)
        + "\" y1=\""
        + at(y1)
        + "\" x2=\""
        + at(x2)
        + "\" y2=\""
        + at(y2)
        + "\" class=\""
        + cssClass
        + "\"/>";
  }
}
