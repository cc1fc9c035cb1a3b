package org.ouroboros.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.allocator.Allocators;

/** Whether each peer works, in a JVM with the flags that it is measured with. */
class PeerTest {

  /** Runs a peer a few times. */
  static final class Once {

    private static final int TIMES = 300;

    public static void main(String[] args) {
      try (Pair pair = Peer.of(args[0]).open()) {
        for (int size : CompareCommand.SIZES) {
          for (int i = 0; i < TIMES; i++) {
            pair.once(size);
          }
        }
      }
      System.out.println("worked");
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldWorkWithItsFlags(Peer peer) throws Exception {
    assumeTrue(
        !peer.isForeign()
            || Allocators.list().stream()
                .anyMatch(row -> row.name().equals(peer.title()) && row.available()));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(new CompareFork(List.of()).flags(peer.library()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Once.class.getName(), peer.title()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output).contains("worked");
    // a JVM that warns of a flag or of what a library does would do so in each fork
    assertThat(output).doesNotContain("WARNING:", "SLF4J");
  }

  @Test
  void shouldHaveNames() {
    List<String> titles = Arrays.stream(Peer.values()).map(Peer::title).toList();
    assertThat(titles).doesNotHaveDuplicates();
    assertThat(titles).allSatisfy(title -> assertThat(Peer.of(title).title()).isEqualTo(title));
    assertThatThrownBy(() -> Peer.of("none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("none", "netty-pooled", "arena-auto");
  }

  @Test
  void shouldAskForTheProjectsLimits() {
    for (int size : CompareCommand.SIZES) {
      assertThat(Peer.NETTY_POOLED.must(size)).isEqualTo(3);
      assertThat(Peer.BYTE_BUFFER.must(size)).isEqualTo(3);
      assertThat(Peer.LIBC.must(size)).isNaN();
    }
    assertThat(Peer.LWJGL_RPMALLOC.must(64)).isEqualTo(1.3);
    assertThat(Peer.LWJGL_RPMALLOC.stretch(64)).isEqualTo(2);
    assertThat(Peer.LWJGL_RPMALLOC.must(1024)).isNaN();
  }
}
