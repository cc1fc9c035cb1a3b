package org.ouroboros.allocator.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The security programs on debuggers, and the table that lists them. */
class SecurityTest {

  private static final int PROGRAMS = 42;

  /** What the table may say of a program that a test stands for. */
  private static final Set<String> TESTED = Set.of("detected", "prevented", "by segment");

  @Nested
  class OnOuroboros extends SecurityPrograms {
    @Override
    String allocatorName() {
      return "ouroboros_debug";
    }
  }

  @Nested
  class OnLibc extends SecurityPrograms {
    @Override
    String allocatorName() {
      return "libc_debug";
    }
  }

  @Test
  void shouldListEachProgramWhenTheTableIsRead() throws Exception {
    Map<String, String> table = table();
    Set<String> tests =
        Arrays.stream(SecurityPrograms.class.getDeclaredMethods())
            .map(method -> method.getAnnotation(Program.class))
            .filter(Objects::nonNull)
            .map(Program::value)
            .collect(Collectors.toSet());

    assertThat(table).hasSize(PROGRAMS);
    assertThat(table.keySet()).containsAll(tests);
    table.forEach(
        (program, verdict) ->
            assertThat(tests.contains(program))
                .as("%s is %s", program, verdict)
                .isEqualTo(TESTED.contains(verdict)));
  }

  /** Verdicts by program. */
  private static Map<String, String> table() throws Exception {
    List<String> lines = Files.readAllLines(Path.of("SECURITY.md"));
    Map<String, String> table = new TreeMap<>();
    for (String line : lines) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 5 && cells[1].strip().startsWith("`")) {
        String program = cells[1].strip().replace("`", "");
        assertThat(table.put(program, cells[2].strip())).as(program).isNull();
        assertThat(cells[3]).as("what is said of %s", program).isNotBlank();
      }
    }
    return table;
  }
}
