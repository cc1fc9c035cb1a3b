package org.ouroboros.benchmarks.faq;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ouroboros.benchmarks.program.ProgramCommand;
import org.ouroboros.benchmarks.replay.Scratch;
import picocli.CommandLine;

/**
 * What the command {@code program} measured of one subject.
 *
 * @param subject what the program ran on
 * @param figures by their names in the command's JSON; those of histograms as {@code calls.p100}
 */
record ProgramFigures(String subject, Map<String, Double> figures) {

  ProgramFigures {
    figures = Map.copyOf(figures);
  }

  /** One figure; not a number if it is not known. */
  double get(String name) {
    double value = figures.getOrDefault(name, Double.NaN);
    return value < 0 ? Double.NaN : value;
  }

  /**
   * Runs the command.
   *
   * @param arguments without {@code --json}
   * @return a row for each subject that could be had
   * @throws IOException if it failed; with what it said
   */
  static List<ProgramFigures> of(String... arguments) throws IOException {
    try (Scratch scratch = new Scratch()) {
      Path json = scratch.folder().resolve("figures.jsonl");
      List<String> all = new ArrayList<>(List.of(arguments));
      all.add("--json=" + json);
      StringWriter said = new StringWriter();
      PrintWriter writer = new PrintWriter(said);
      int code =
          new CommandLine(new ProgramCommand())
              .setOut(writer)
              .setErr(writer)
              .execute(all.toArray(String[]::new));
      if (code != 0) {
        throw new IOException(said.toString().strip());
      }
      return read(Files.readString(json));
    }
  }

  /** The rows of a program among JSON Lines. */
  static List<ProgramFigures> read(String lines) throws IOException {
    List<ProgramFigures> rows = new ArrayList<>();
    for (String line : lines.lines().filter(one -> one.contains("\"kind\":\"program\"")).toList()) {
      rows.add(row(line));
    }
    return rows;
  }

  private static ProgramFigures row(String line) throws IOException {
    Map<String, Double> figures = new HashMap<>();
    String subject = "";
    try (JsonParser json = new JsonFactory().createParser(line)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && "subject".equals(json.currentName())) {
          subject = json.getText();
        } else if (token.isNumeric() && json.currentName() != null) {
          figures.put(path(json), json.getDoubleValue());
        }
      }
    }
    return new ProgramFigures(subject, figures);
  }

  /** The name of a value, with that of the object that it is in. */
  private static String path(JsonParser json) throws IOException {
    String outer = json.getParsingContext().getParent().getCurrentName();
    return outer == null ? json.currentName() : outer + "." + json.currentName();
  }
}
