package org.ouroboros.benchmarks.faq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Availability;
import org.ouroboros.allocator.bdwgc.BoehmAllocator;
import org.ouroboros.benchmarks.faq.FilesWorker.Kind;

/** The loop that never closes a file, with real descriptors and a real limit. */
class FilesStopTest {

  private static final int TURNS = 150;
  private static final int LIMIT = 40;

  @BeforeEach
  void onLinux() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc/self/fd");
  }

  private static FilesStop.Outcome outcome(Kind kind) throws Exception {
    if (kind == Kind.BOEHM) {
      Availability boehm = Allocators.availability(BoehmAllocator.NAME);
      assumeTrue(boehm.available(), boehm.detail());
    }
    FilesStop.Outcome outcome = FilesStop.outcome(kind, TURNS, LIMIT);
    assertThat(outcome.left()).isZero();
    assertThat(outcome.counts()).hasSize(TURNS);
    return outcome;
  }

  @Test
  void shouldHaveNoFileOpenBetweenTurnsWhenTheProgramCloses() throws Exception {
    FilesStop.Outcome outcome = outcome(Kind.EXPLICIT);
    assertThat(outcome.peak()).isOne();
    assertThat(outcome.refused()).isZero();
    assertThat(outcome.counts()).containsOnly(0);
  }

  @Test
  void shouldCloseTheFileOfTheTurnBeforeByCounting() throws Exception {
    FilesStop.Outcome outcome = outcome(Kind.COUNTING);
    assertThat(outcome.peak()).isEqualTo(2);
    assertThat(outcome.refused()).isZero();
    assertThat(outcome.counts()).containsOnly(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVA", "BOEHM"})
  void shouldHitTheLimitCollectAndGoOnUnderACollector(Kind kind) throws Exception {
    FilesStop.Outcome outcome = outcome(kind);
    assertThat(outcome.peak()).isEqualTo(LIMIT);
    assertThat(outcome.refused()).isBetween(1, TURNS / 2);
    assertThat(Arrays.stream(outcome.counts()).max()).hasValue(LIMIT);
    assertThat(Arrays.stream(outcome.counts()).skip(LIMIT).min().orElseThrow())
        .isBetween(1, LIMIT / 2);
  }
}
