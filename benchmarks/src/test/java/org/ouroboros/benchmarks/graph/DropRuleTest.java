package org.ouroboros.benchmarks.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which objects each kind of rule drops: six objects of types a, b, a, b, a, b. */
class DropRuleTest {

  private static final List<String> TYPES = List.of("a", "b", "a");
  private static final int OBJECTS = 6;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kind':'none'}                               | []            | none",
        "{'kind':'all'}                                | [0,1,2,3,4,5] | all",
        "{'kind':'ids','ids':[]}                       | []            | 0 objects by id",
        "{'kind':'ids','ids':[5]}                      | [5]           | object 5",
        "{'kind':'ids','ids':[5,0,5]}                  | [0,5]         | 2 objects by id",
        "{'kind':'mod','m':3,'r':1}                    | [1,4]         | id % 3 = 1",
        "{'kind':'mod','m':3,'r':3}                    | []            | id % 3 = 3",
        "{'kind':'exceptMod','m':3,'r':1}              | [0,2,3,5]     | all but id % 3 = 1",
        "{'m':2,'r':0,'kind':'mod','note':{'a':[1]}}   | [0,2,4]       | id % 2 = 0",
        "{'kind':'types','types':['a']}                | [0,2,4]       | a",
        "{'kind':'types','types':['nosuch']}           | []            | nosuch",
        "{'kind':'exceptTypes','types':['a','nosuch']} | [1,3,5]       | all but a, nosuch",
        "{'kind':'exceptTypes','types':[]}             | [0,1,2,3,4,5] | all but"
      })
  void shouldDrop(String json, String dropped, String text) throws IOException {
    DropRule rule = DropRuleReader.read(json.replace('\'', '"'), TYPES, OBJECTS);
    int[] ids = IntStream.range(0, OBJECTS).filter(id -> rule.drops(id, id % 2)).toArray();
    assertThat(IntStream.of(ids).boxed().toList().toString().replace(" ", "")).isEqualTo(dropped);
    assertThat(rule.text().strip()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                 | has no \"kind\"",
        "{'kind':7}                         | has no \"kind\"",
        "{'kind':'some'}                    | unknown kind \"some\"",
        "{'kind':'ids'}                     | has no \"ids\"",
        "{'kind':'ids','ids':7}             | has no list \"ids\"",
        "{'kind':'ids','ids':[6]}           | has the id 6, but there are 6",
        "{'kind':'ids','ids':[-1]}          | has the id -1",
        "{'kind':'ids','ids':['0']}         | an id that is no number",
        "{'kind':'mod','r':1}               | has no \"m\"",
        "{'kind':'mod','m':0,'r':1}         | has m 0",
        "{'kind':'exceptMod','m':2}         | has no \"r\"",
        "{'kind':'mod','m':2,'r':1.5}       | has no \"r\"",
        "{'kind':'types'}                   | has no \"types\"",
        "{'kind':'types','types':[1]}       | a type that is no text"
      })
  void shouldRefuse(String json, String message) {
    assertThatThrownBy(() -> DropRuleReader.read(json.replace('\'', '"'), TYPES, OBJECTS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }
}
