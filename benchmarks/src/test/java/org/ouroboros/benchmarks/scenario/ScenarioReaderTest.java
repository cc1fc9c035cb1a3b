package org.ouroboros.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no scenario is refused in one line that says where and why. */
class ScenarioReaderTest {

  private static ScenarioText example() {
    return new ScenarioText()
        .op("'op':'new','obj':1,'slots':1,'fin':'log','var':'a'", "")
        .op("'op':'refcount','obj':1", "'result':1");
  }

  private static void refused(byte[] file, int line, String fault) {
    assertThatThrownBy(() -> ScenarioReader.read("file", new ByteArrayInputStream(file)))
        .isInstanceOfSatisfying(ScenarioException.class, e -> assertThat(e.line()).isEqualTo(line))
        .message()
        .startsWith("file: line " + line + ": ")
        .contains(fault)
        .doesNotContain("\n");
  }

  @Test
  void shouldReadAll() throws IOException {
    Scenario scenario = example().read();
    assertThat(scenario.name()).isEqualTo("example");
    assertThat(scenario.steps()).hasSize(2);
    assertThat(scenario.steps().getFirst().op())
        .isEqualTo(new Op.New(1, 1, FinalizerPlan.parse("log"), "a"));
    assertThat(scenario.steps().getFirst().expectation()).isSameAs(Expectation.NOTHING);
    assertThat(scenario.steps().getLast().op()).hasToString("refcount obj 1");
    assertThat(scenario.steps().getLast().expectation().result()).isEqualTo("1");
  }

  @Test
  void shouldRefuseWhatIsNotGzip() {
    refused(new byte[0], 1, "cut short");
    refused(
        "{\"format\":\"scenario/1\"}".getBytes(StandardCharsets.UTF_8), 1, "no valid gzip data");
    refused(new byte[] {0x1f, (byte) 0x8b, 8}, 1, "cut short");
  }

  @Test
  void shouldRefuseEveryFileThatIsCutShort() {
    byte[] whole = example().gzip();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ScenarioReader.read("file", new ByteArrayInputStream(cut)))
          .isInstanceOf(ScenarioException.class)
          .hasMessageMatching("file: line [1-4]: .*");
    }
  }

  @Test
  void shouldReadOrRefuseEveryFileWithAWrongByte() throws IOException {
    byte[] whole = example().gzip();
    for (int i = 0; i < whole.length; i++) {
      byte[] wrong = whole.clone();
      wrong[i] ^= 0x55;
      try {
        // a byte of the header that says when, or where, the file was made means nothing
        ScenarioReader.read("file", new ByteArrayInputStream(wrong));
      } catch (ScenarioException e) {
        assertThat(e).hasMessageMatching("file: line [1-4]: .*");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'format':'scenario/2','name':'a','ops':2} | the format is 'scenario/2'",
        "{'name':'a','ops':2} | no field 'format'",
        "{'format':'scenario/1','ops':2} | no field 'name'",
        "{'format':'scenario/1','name':'a'} | no field 'ops'",
        "{'format':'scenario/1','name':'a','ops':'2'} | 'ops' must be a number",
        "{'format':'scenario/1','name':'a','ops':2,'ranges':1} | 'ranges' must be a boolean",
        "{'format':'scenario/1','name':'a','ops':2.5} | 'ops' must be a number",
        "[] | no JSON object",
        "{'format' | no valid JSON",
        "nothing | no valid JSON",
      })
  void shouldRefuseAHeader(String header, String fault) {
    byte[] file = example().header(header).gzip();
    assertThatThrownBy(() -> ScenarioReader.read("file", new ByteArrayInputStream(file)))
        .isInstanceOf(ScenarioException.class)
        .message()
        .matches("file: line [12]: .*")
        .contains(fault)
        .doesNotContain("\n");
  }

  @Test
  void shouldRefuseAnotherNumberOfOps() {
    String header = "{'format':'scenario/1','name':'a','ops':";
    refused(example().header(header + "3}").gzip(), 4, "the end after 2 ops of 3");
    refused(example().header(header + "1}").gzip(), 3, "more ops than the 1 of the header");
    refused(example().header(header + "-1}").gzip(), 1, "'ops' must be a number from 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'op':'nosuch','expect':{}} | unknown op 'nosuch'",
        "{'expect':{}} | no field 'op'",
        "{'op':'live'} | no field 'expect'",
        "{'op':'live','expect':[]} | 'expect' must be an object",
        "{'op':'live','expect':{'result':0},'expect':{}} | two fields 'expect'",
        "{'op':'live','op':'live','expect':{'result':0}} | two fields 'op'",
        "{'op':'live','obj':1,'expect':{'result':0}} | unknown field 'obj'",
        "{'op':'live','expect':{}} | no result, but the op has one",
        "{'op':'freeze','expect':{'result':0}} | a result, but the op has none",
        "{'op':'live','expect':{'result':{}}} | 'result' must not be an object",
        "{'op':'live','expect':{'result':[true]}} | must have numbers only",
        "{'op':'freeze','expect':{'died':[1]}} | unknown expectation 'died'",
        "{'op':'freeze','expect':{'dead':1}} | 'dead' must be a list of ids",
        "{'op':'freeze','expect':{'dead':['1']}} | 'dead' must be a list of ids",
        "{'op':'freeze','expect':{'dead':[0]}} | an id that is not more than 0",
        "{'op':'freeze','expect':{'dead':[[1,2]]}} | the header says there are none",
        "{'op':'freeze','expect':{'events':['x1']}} | f and c with ids",
        "{'op':'freeze','expect':{'derefs':[[1,2]]}} | 'derefs' must be a list of [object",
        "{'op':'freeze','expect':{'ordered':1}} | 'ordered' must be a boolean",
        "{'op':'freeze','expect':{'unraisable':true}} | 'unraisable' must be a number",
        "{'op':'collect','generation':3,'expect':{}} | 'generation' must be a number from 0 to 2",
        "{'op':'new','obj':0,'slots':1,'fin':'log','var':'a','expect':{}} | 'obj' must be an id",
        "{'op':'new','obj':1,'slots':9,'fin':'log','var':'a','expect':{}} | from 0 to 8",
        "{'op':'new','obj':1,'slots':1,'fin':'log;','var':'a','expect':{}} | finalizer action ''",
        "{'op':'new','obj':1,'slots':1,'fin':'deref:x','var':'a','expect':{}} | 'deref:x'",
        "{'op':'new','obj':1,'slots':1,'fin':'log','var':1,'expect':{}} | 'var' must be a string",
        "{'op':'var','var':'a\\n','to':1,'expect':{}} | without control characters",
        "{'op':'set','obj':1,'slot':0,'expect':{}} | no field 'to'",
        "{'op':'set','obj':1,'slot':0,'to':[1],'expect':{}} | 'to' must be a number",
        "{'op':'set','obj':1e3,'slot':0,'to':1,'expect':{}} | 'obj' must be a number",
        "{'op':'set','obj':99999999999999999999,'slot':0,'to':1,'expect':{}} | out of range",
        "{'op':'tree','first':1,'depth':99,'fanout':8,'fin':'log','var':'a','expect':{}} | tree",
        "{'op':'live','expect':{'result':0}} {} | not one JSON object on each line",
        "{'op':'live', | no valid JSON",
        "true | no JSON object",
      })
  void shouldRefuseALine(String line, String fault) {
    byte[] file =
        new ScenarioText()
            .op("'op':'unfreeze'", "")
            .line(line)
            .header("{'format':'scenario/1','name':'a','ops':3}")
            .gzip();
    assertThatThrownBy(() -> ScenarioReader.read("file", new ByteArrayInputStream(file)))
        .isInstanceOf(ScenarioException.class)
        .message()
        .matches("file: line [34]: .*")
        .contains(fault)
        .doesNotContain("\n");
  }

  @Test
  void shouldSayOnWhichLine() {
    refused(example().line("{'op':'nosuch','expect':{}}").gzip(), 4, "unknown op 'nosuch'");
    refused(example().line("").line("").gzip(), 4, "the end after 2 ops of 4");
    refused(example().line("{'op':\n'live','expect':{'result':0}}").gzip(), 4, "several lines");
  }

  @Test
  void shouldNotTakeAllMemoryForAFewBytes() {
    String expect = "'dead':[[1,9000000000000000000],[1,9000000000000000000]]";
    byte[] file =
        new ScenarioText()
            .header("{'format':'scenario/1','name':'a','ops':%d,'ranges':true}")
            .op("'op':'freeze'", expect)
            .gzip();
    refused(file, 2, "more than 2,147,483,647 ids");
  }
}
