package org.ouroboros.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.ouroboros.benchmarks.scenario.Outcome.Mismatch;

/**
 * A scenario with any one character changed is refused, goes well, or differs; nothing is thrown
 * but what says where the file is wrong, and the subject is never asked what it cannot be.
 */
class ScenarioFuzzTest {

  private static final String REPLACEMENTS = "09-[\"n";

  /** A scenario with every op and every field. */
  private static ScenarioText everything() {
    return new ScenarioText()
        .header("{'format':'scenario/1','name':'all','ops':%d,'ranges':true}")
        .op("'op':'new','obj':1,'slots':2,'fin':'deref:1;store:s;drop;raise','var':'a'", "")
        .op("'op':'chain','first':2,'n':3,'slots':2,'fin':'log','var':'c','back':true", "")
        .op("'op':'tree','first':5,'depth':2,'fanout':2,'fin':'none','var':'t'", "")
        .op("'op':'weak','ref':1,'obj':1,'callback':true", "")
        .op("'op':'weak','ref':2,'obj':2,'callback':false,'holder':1,'slot':1", "")
        .op("'op':'set','obj':1,'slot':0,'to':5", "")
        .op("'op':'deref','ref':1", "'result':1")
        .op("'op':'refcount','obj':5", "'result':2")
        .op("'op':'referents','obj':1", "'result':[5]")
        .op("'op':'referrers','obj':5", "'result':[1]")
        .op("'op':'generation','obj':1", "'result':0")
        .op("'op':'freeze'", "")
        .op("'op':'generation','obj':1", "'result':'permanent'")
        .op("'op':'unfreeze'", "")
        .op("'op':'tracked','obj':1", "'result':true")
        .op("'op':'finalized','obj':1", "'result':false")
        .op("'op':'live'", "'result':7")
        .op("'op':'var','var':'c','to':null", "")
        .op(
            "'op':'collect','generation':2",
            "'dead':[[2,4]],'finalized':[[2,4]],'ordered':false,'result':3")
        .op(
            "'op':'var','var':'a','to':null",
            "'dead':[1],'finalized':[1],'callbacks':[1],'events':['f1','c1'],"
                + "'derefs':[[1,1,1]],'unraisable':1")
        .op("'op':'dropweak','ref':1", "");
  }

  @Test
  void shouldStandAnyWrongCharacter() throws IOException {
    assertThat(replay(everything().gzip()).mismatch()).isNull();
    String text = text(everything().gzip());
    int differing = 0;
    int refused = 0;
    for (int i = 0; i < text.length(); i++) {
      for (int r = 0; r < REPLACEMENTS.length(); r++) {
        try {
          Mismatch mismatch = replay(gzip(text, i, REPLACEMENTS.charAt(r))).mismatch();
          if (mismatch != null) {
            assertThat(mismatch.difference().field()).isNotEqualTo("exception");
            differing++;
          }
        } catch (ScenarioException e) {
          assertThat(e).hasMessageMatching("file: line \\d+: [^\\n]+");
          refused++;
        }
      }
    }
    assertThat(differing).isPositive();
    assertThat(refused).isPositive();
  }

  private static Outcome replay(byte[] file) throws IOException {
    Scenario scenario = ScenarioReader.read("file", new ByteArrayInputStream(file));
    return ReplayRunner.replay(scenario, ScenarioModel::new, _ -> {});
  }

  private static String text(byte[] gzip) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] gzip(String text, int at, char c) throws IOException {
    String wrong = text.substring(0, at) + c + text.substring(at + 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(wrong.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
