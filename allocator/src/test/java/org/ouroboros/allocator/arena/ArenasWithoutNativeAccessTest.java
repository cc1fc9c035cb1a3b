package org.ouroboros.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.ForkedJvm;

/** Arenas in a JVM in which native access was not given: the JDK's, and nothing is printed. */
class ArenasWithoutNativeAccessTest {

  @ParameterizedTest
  @ValueSource(strings = {"warn", "deny"})
  void shouldBeTheJdksArenasWhenNativeAccessIsOff(String illegalAccess) throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(WithoutNativeAccess.class, "--illegal-native-access=" + illegalAccess);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualToIgnoringNewLines("confined false shared false blocks 0");
    assertThat(result.exitCode()).isZero();
  }

  /** What is run without native access. */
  static final class WithoutNativeAccess {
    private WithoutNativeAccess() {}

    public static void main(String[] args) {
      try (Allocator allocator = Allocators.of("ouroboros");
          SharedArenaPool pool = new SharedArenaPool(allocator)) {
        Arena confined = Arenas.ofConfined(allocator);
        confined.allocateFrom("confined");
        confined.close();
        Arena shared = pool.open();
        shared.allocateFrom("shared");
        shared.close();
        System.out.println("confined " + confined.scope().isAlive());
        System.out.println(" shared " + shared.scope().isAlive());
        System.out.println(" blocks " + allocator.stats().liveBlocks());
      }
    }
  }
}
