package org.ouroboros.collector.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.ouroboros.collector.space.Header;
import org.ouroboros.collector.space.SidePage;

/** What the pictures say of bits, bitmaps and phases is what the classes have. */
class PicturesTest {

  private static final Pattern TEXT = Pattern.compile("<text[^>]*>([^<]*)</text>");

  @Test
  void shouldDrawTheHeadersFlags() throws Exception {
    Map<String, Integer> flags = new TreeMap<>();
    for (Field field : Header.class.getFields()) {
      boolean single = field.getType() == long.class && Long.bitCount(field.getLong(null)) == 1;
      int bit = single ? Long.numberOfTrailingZeros(field.getLong(null)) : 0;
      if (bit >= Integer.SIZE && bit < Header.TYPE_SHIFT) {
        flags.put(field.getName(), bit);
      }
    }
    List<String> drawn = texts("header.svg");
    assertThat(flags).hasSize(Header.TYPE_SHIFT - Integer.SIZE);
    flags.forEach((name, bit) -> assertThat(drawn).containsSequence("" + bit, name));
    drawn.stream()
        .filter(text -> text.matches("[A-Z_]+"))
        .forEach(name -> assertThat(flags).containsKey(name));
  }

  @Test
  void shouldDrawTheHeadersFields() throws IOException {
    assertThat(texts("header.svg"))
        .containsSequence("type", (Long.SIZE - Header.TYPE_SHIFT) + " bits", "63", "42")
        .containsSequence("flags", (Header.TYPE_SHIFT - Integer.SIZE) + " bits", "41", "32")
        .containsSequence("internal", Long.bitCount(Header.INTERNAL) + " bits", "31", "12")
        .containsSequence("external", Long.bitCount(Header.EXTERNAL) + " bits", "11", "0");
  }

  @Test
  void shouldDrawThePagesBitmaps() throws Exception {
    String[] maps = new String[6];
    for (Field field : SidePage.class.getDeclaredFields()) {
      if (field.getName().matches("LIVE|TRACKED|YOUNG0|YOUNG1|TRASH|TAKEN")) {
        field.setAccessible(true);
        maps[field.getInt(null) / SidePage.WORDS] = field.getName();
      }
    }
    assertThat(texts("page.svg").stream().filter(Arrays.asList(maps)::contains))
        .containsExactly(maps);
  }

  @Test
  void shouldDrawThePhasesOfAnIncrementalCollection() throws Exception {
    Class<?> phases = Class.forName("org.ouroboros.collector.cycle.IncrementalCycle$Phase");
    List<String> names =
        Arrays.stream(phases.getEnumConstants()).map(phase -> ((Enum<?>) phase).name()).toList();
    assertThat(texts("full-cycle.svg").stream().filter(text -> text.matches("[A-Z]+")))
        .containsExactlyElementsOf(names);
  }

  private static List<String> texts(String picture) throws IOException {
    return TEXT.matcher(Files.readString(Path.of("docs", picture)))
        .results()
        .map((MatchResult text) -> text.group(1))
        .toList();
  }
}
