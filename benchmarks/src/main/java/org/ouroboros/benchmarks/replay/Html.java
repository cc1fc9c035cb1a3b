package org.ouroboros.benchmarks.replay;

/** Pieces of HTML and SVG. */
public final class Html {

  private Html() {}

  /**
   * Text that may contain anything, for content and quoted attributes.
   *
   * @param text any
   * @return escaped
   */
  public static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * An element with text in it.
   *
   * @param name of the element
   * @param text any
   * @return the element
   */
  public static String element(String name, String text) {
    return "<" + name + ">" + text(text) + "</" + name + ">";
  }

  /**
   * A coordinate.
   *
   * @param coordinate in pixels
   * @return to a tenth of a pixel
   */
  public static String at(double coordinate) {
    return Figures.fixed(coordinate, 1);
  }

  /**
   * SVG text.
   *
   * @param x where it is anchored
   * @param y its base line
   * @param anchor start, middle or end
   * @param cssClass of the style sheet, or empty
   * @param text any
   * @return the element
   */
  public static String label(double x, double y, String anchor, String cssClass, String text) {
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

  /**
   * An SVG line.
   *
   * @param x1 where it begins
   * @param y1 where it begins
   * @param x2 where it ends
   * @param y2 where it ends
   * @param cssClass of the style sheet
   * @return the element
   */
  public static String line(double x1, double y1, double x2, double y2, String cssClass) {
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
