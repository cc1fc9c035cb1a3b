package org.ouroboros.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ouroboros.benchmarks.scenario.Outcome.Mismatch;

/** The comparison can fail: in every field, and at the op where it was wrong. */
class ReplayRunnerTest {

  private static final String TWO_DIE =
      "'dead':[1,2],'finalized':[2,1],'callbacks':[2,1],'events':['f2','c2','f1','c1'],"
          + "'derefs':[[2,1,1],[2,2,2]],'unraisable':1";

  /** Object 2 holds 1; both have finalizers and weak references. Op 7 kills both. */
  private static ScenarioText twoDie(String expect) {
    return new ScenarioText()
        .op("'op':'new','obj':1,'slots':1,'fin':'log','var':'a'", "")
        .op("'op':'new','obj':2,'slots':1,'fin':'deref:1;deref:2;deref:3;raise','var':'b'", "")
        .op("'op':'weak','ref':1,'obj':1,'callback':true", "")
        .op("'op':'weak','ref':2,'obj':2,'callback':true", "")
        .op("'op':'set','obj':2,'slot':0,'to':1", "")
        .op("'op':'var','var':'a','to':null", "")
        .op("'op':'var','var':'b','to':null", expect)
        .op("'op':'live'", "'result':0");
  }

  private static Outcome replay(ScenarioText text) throws IOException {
    return ReplayRunner.replay(text.read(), ScenarioModel::new, _ -> {});
  }

  @Test
  void shouldAcceptWhatIsRight() throws IOException {
    Outcome outcome = replay(twoDie(TWO_DIE));
    assertThat(outcome.mismatch()).isNull();
    assertThat(outcome.ok()).isTrue();
    assertThat(outcome.ops()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'dead':[1,2] | 'dead':[1] | dead",
        "'dead':[1,2] | 'dead':[1,3] | dead",
        "'dead':[1,2], | | dead",
        "'finalized':[2,1] | 'finalized':[1,2] | finalized",
        "'finalized':[2,1], | | finalized",
        "'callbacks':[2,1] | 'callbacks':[1,2] | callbacks",
        "'callbacks':[2,1] | 'callbacks':[2,1,3] | callbacks",
        "'f2','c2','f1','c1' | 'f2','f1','c2','c1' | events",
        "[2,2,2] | [2,2,null] | derefs",
        "[[2,1,1],[2,2,2]] | [[2,2,2],[2,1,1]] | derefs",
        "'unraisable':1 | 'unraisable':2 | unraisable",
        ",'unraisable':1 | | unraisable",
      })
  void shouldFindADifference(String right, String wrong, String field) throws IOException {
    String expect = TWO_DIE.replace(right, wrong == null ? "" : wrong);
    assertThat(expect).isNotEqualTo(TWO_DIE);
    Mismatch mismatch = replay(twoDie(expect)).mismatch();
    assertThat(mismatch).isNotNull();
    assertThat(mismatch.number()).isEqualTo(7);
    assertThat(mismatch.line()).isEqualTo(8);
    assertThat(mismatch.op()).isEqualTo("var b to null");
    assertThat(mismatch.difference().field()).isEqualTo(field);
    assertThat(mismatch.difference().expected()).isNotEqualTo(mismatch.difference().got());
  }

  @Test
  void shouldShowWhatWasExpectedAndGot() throws IOException {
    Mismatch mismatch = replay(twoDie(TWO_DIE.replace("'dead':[1,2]", "'dead':[2]"))).mismatch();
    assertThat(mismatch.difference()).isEqualTo(new Difference("dead", "[2]", "[1, 2]"));
  }

  @Test
  void shouldCompareWithoutOrderOnlyWhereTheFileSaysSo() throws IOException {
    String shuffled =
        "'dead':[2,1],'finalized':[1,2],'callbacks':[1,2],'events':['c1','f1','c2','f2'],"
            + "'derefs':[[2,2,2],[2,1,1]],'unraisable':1,";
    assertThat(replay(twoDie(shuffled + "'ordered':false")).mismatch()).isNull();
    assertThat(replay(twoDie(shuffled + "'ordered':true")).mismatch()).isNotNull();
    String twice = shuffled.replace("'finalized':[1,2]", "'finalized':[1,1]");
    assertThat(replay(twoDie(twice + "'ordered':false")).mismatch()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "refcount | 1 | 2 | 1",
        "refcount | 1 | true | 1",
        "refcount | 1 | \"1\" | 1",
        "tracked | 1 | false | true",
        "tracked | 1 | 1 | true",
        "finalized | 1 | true | false",
        "generation | 1 | null | 0",
        "generation | 1 | \"permanent\" | 0",
        "generation | 2 | 0 | null",
        "referents | 1 | [] | [2,2]",
        "referents | 1 | [2] | [2,2]",
        "referrers | 2 | [1,1] | [1]",
        "referrers | 2 | 1 | [1]",
      })
  void shouldCompareResultsExactly(String op, long id, String wrong, String right)
      throws IOException {
    assertThat(ask(op, id, right).mismatch()).isNull();
    Mismatch mismatch = ask(op, id, wrong).mismatch();
    assertThat(mismatch.number()).isEqualTo(6);
    assertThat(mismatch.op()).isEqualTo(op + " obj " + id);
    assertThat(mismatch.difference()).isEqualTo(new Difference("result", wrong, right));
  }

  private static Outcome ask(String op, long id, String result) throws IOException {
    return replay(
        new ScenarioText()
            .op("'op':'chain','first':1,'n':1,'slots':2,'fin':'none','var':'a'", "")
            .op("'op':'new','obj':2,'slots':0,'fin':'none','var':'b'", "")
            .op("'op':'set','obj':1,'slot':0,'to':2", "")
            .op("'op':'set','obj':1,'slot':1,'to':2", "")
            .op("'op':'var','var':'b','to':null", "")
            .op("'op':'" + op + "','obj':" + id, "'result':" + result));
  }

  @Test
  void shouldExpandRanges() throws IOException {
    ScenarioText text =
        new ScenarioText()
            .header("{'format':'scenario/1','name':'ranges','ops':%d,'ranges':true}")
            .op("'op':'chain','first':1,'n':9,'slots':1,'fin':'log','var':'a'", "")
            .op("'op':'new','obj':10,'slots':1,'fin':'none','var':'b'", "")
            .op("'op':'set','obj':10,'slot':0,'to':1", "")
            .op("'op':'var','var':'a','to':null", "")
            .op("'op':'var','var':'b','to':null", "'dead':[[10,8],[1,7]],'finalized':[[1,9]]");
    assertThat(replay(text).mismatch()).isNull();
  }

  @Test
  void shouldTakeIdsThatAreFarApart() throws IOException {
    long far = Long.MAX_VALUE;
    ScenarioText text =
        new ScenarioText()
            .op("'op':'new','obj':" + far + ",'slots':1,'fin':'none','var':'a'", "")
            .op("'op':'new','obj':1,'slots':1,'fin':'none','var':'b'", "")
            .op("'op':'set','obj':1,'slot':0,'to':" + far, "")
            .op("'op':'referents','obj':1", "'result':[" + far + "]")
            .op("'op':'var','var':'a','to':null", "")
            .op("'op':'var','var':'b','to':null", "'dead':[1," + far + "]");
    assertThat(replay(text).mismatch()).isNull();
  }

  @Test
  void shouldNotExpandRangesThatCannotBe() throws IOException {
    ScenarioText text =
        new ScenarioText()
            .header("{'format':'scenario/1','name':'ranges','ops':%d,'ranges':true}")
            .op("'op':'collect','generation':0", "'dead':[[1,2000000000]],'result':0");
    assertThat(replay(text).mismatch().difference().expected())
        .startsWith("[1, 2, 3,")
        .endsWith("... 2000000000 in all]");
  }

  @Test
  void shouldTakeWhatASubjectThrowsForADifference() throws IOException {
    Scenario scenario = twoDie(TWO_DIE).read();
    Outcome outcome = ReplayRunner.replay(scenario, () -> new Broken(4), _ -> {});
    assertThat(outcome.mismatch().number()).isEqualTo(4);
    assertThat(outcome.mismatch().difference())
        .isEqualTo(new Difference("exception", "none", "java.lang.IllegalStateException: broken"));

    Outcome unmade =
        ReplayRunner.replay(
            scenario,
            () -> {
              throw new IllegalStateException("none to be had");
            },
            _ -> {});
    assertThat(unmade.mismatch().number()).isZero();
    assertThat(unmade.mismatch().difference().got()).contains("none to be had");
  }

  @Test
  void shouldVerifyAndCloseAfterTheLastOp() throws IOException {
    Scenario scenario = twoDie(TWO_DIE).read();
    Broken inside = new Broken(9);
    Mismatch mismatch = ReplayRunner.replay(scenario, () -> inside, _ -> {}).mismatch();
    assertThat(mismatch.number()).isEqualTo(9);
    assertThat(mismatch.op()).isEqualTo("verify");
    assertThat(mismatch.difference().got()).isEqualTo("[a count is wrong]");
    assertThat(inside.closed).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'op':'refcount','obj':3 | object 3 does not exist",
        "'op':'refcount','obj':1 | object 1 is dead",
        "'op':'var','var':'x','to':7 | object 7 does not exist",
        "'op':'set','obj':2,'slot':1,'to':null | object 2 has no slot 1, only 1 slots",
        "'op':'set','obj':2,'slot':0,'to':1 | object 1 is dead",
        "'op':'deref','ref':9 | weak reference 9 is not in the weak table",
        "'op':'dropweak','ref':9 | weak reference 9 is not in the weak table",
        "'op':'weak','ref':1,'obj':2,'callback':true | weak reference 1 is made twice",
        "'op':'new','obj':1,'slots':1,'fin':'log','var':'a' | object 1 is made twice",
      })
  void shouldRefuseAFileThatNamesWhatIsNotThere(String op, String fault) throws IOException {
    boolean asks = op.startsWith("'op':'refcount'") || op.startsWith("'op':'deref'");
    Scenario scenario =
        new ScenarioText()
            .op("'op':'new','obj':1,'slots':1,'fin':'none','var':'a'", "")
            .op("'op':'weak','ref':1,'obj':1,'callback':false", "")
            .op("'op':'new','obj':2,'slots':1,'fin':'none','var':'a'", "'dead':[1]")
            .op(op, asks ? "'result':1" : "")
            .read();
    assertThatThrownBy(() -> ReplayRunner.replay(scenario, ScenarioModel::new, _ -> {}))
        .isInstanceOf(ScenarioException.class)
        .hasMessageStartingWith("example: line 5: ")
        .hasMessageEndingWith(": " + fault);
  }

  /** A model that fails at an op, or after the last one. */
  private static final class Broken implements ScenarioSubject {

    private final ScenarioModel model = new ScenarioModel();
    private final int failing;
    private int ops;
    private boolean closed;

    Broken(int failing) {
      this.failing = failing;
    }

    @Override
    public void apply(Op op, Observation seen) {
      if (++ops == failing) {
        throw new IllegalStateException("broken");
      }
      model.apply(op, seen);
    }

    @Override
    public List<String> verify() {
      return List.of("a count is wrong");
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
