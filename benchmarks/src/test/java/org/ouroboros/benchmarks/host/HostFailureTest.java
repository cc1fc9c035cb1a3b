package org.ouroboros.benchmarks.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.FailingAllocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.benchmarks.host.HostException.Reason;

/** Libraries that cannot be had, allocators that run out, and C code that frees what is not its. */
class HostFailureTest {

  private static void assertFails(
      Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  // ------------------------------------------------------- what cannot be had

  @ParameterizedTest
  @EnumSource
  void shouldSayTheCureWhenTheLibraryIsMissing(HostLibrary library) {
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> library.open("/does/not/exist.so.1"))
        .withMessageContaining("/does/not/exist.so.1")
        .withMessageContaining("Debian's package")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_LIBRARY));
  }

  @ParameterizedTest
  @EnumSource
  void shouldNameTheFunctionThatAnotherLibraryLacks(HostLibrary library) throws Exception {
    Hosts.open(library);
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> library.open("libpthread.so.0"))
        .withMessageContaining("libpthread.so.0 has no ")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_FUNCTION));
  }

  @Test
  void shouldRefuseAnOlderVersionThanIsNeeded() throws Exception {
    CLibrary library = Hosts.library(HostLibrary.ZLIB);
    assertFails(Reason.WRONG_VERSION, () -> library.requireVersion("1.2.11", "1.10.1"));
    assertFails(Reason.WRONG_VERSION, () -> library.requireVersion("3.9", "3.10.1"));
    library.requireVersion("1.3.0.1-motley", "1.2.13");
    library.requireVersion("1.2.13", "1.2.13");
  }

  @Test
  void shouldSayThatTheLibraryKnowsTheDeclarationsNot() throws Exception {
    Host host = new ZlibHost(Hosts.library(HostLibrary.ZLIB), "2.0.0");
    try (Allocator allocator = Allocators.of("ouroboros");
        CExport export = CExport.of(allocator)) {
      assertFails(Reason.WRONG_VERSION, () -> host.run(export));
    }
  }

  @Test
  void shouldSayThatSqliteIsInUseAndWorkWhenItIsNot() throws Exception {
    Host host = Hosts.open(HostLibrary.SQLITE);
    CLibrary sqlite = Hosts.library(HostLibrary.SQLITE);
    try (Allocator allocator = Allocators.of("ouroboros");
        CExport export = CExport.of(allocator)) {
      assertThat(sqlite.function("sqlite3_initialize", CLibrary.INT).call()).isZero();
      try {
        assertFails(Reason.TOO_LATE, () -> host.run(export));
        assertThat(allocator.stats().liveBlocks()).isZero();
      } finally {
        sqlite.function("sqlite3_shutdown", CLibrary.INT).call();
      }
      assertThat(host.run(export)).contains("integrity_check ok");
    }
  }

  // -------------------------------------------------------- out of memory

  @ParameterizedTest
  @EnumSource(names = "GMP", mode = EnumSource.Mode.EXCLUDE) // it ends the process
  void shouldFailAndGiveEverythingBackWhenMemoryRunsOut(HostLibrary library) throws Exception {
    Host host = Hosts.open(library);
    int failed = 0;
    for (int served : new int[] {0, 1, 2, 3, 5, 8, 13, 40, 100, 400, 1000}) {
      try (FailingAllocator failing = new FailingAllocator(Allocators.of("ouroboros"));
          CExport export = CExport.of(failing)) {
        failing.failFrom(served, 0);
        try {
          host.run(export);
          assertThat(failing.calls()).isLessThanOrEqualTo(served);
        } catch (HostException e) {
          assertThat(e.reason())
              .as("after %d: %s", served, e.getMessage())
              .isEqualTo(Reason.NO_MEMORY);
          failed++;
        }
        assertThat(failing.stats().liveBlocks()).as("after %d", served).isZero();
      }
    }
    assertThat(failed).isGreaterThanOrEqualTo(2);
    try (Allocator allocator = Allocators.of("ouroboros");
        CExport export = CExport.of(allocator)) {
      assertThat(host.run(export)).isNotEmpty();
    }
  }

  // ------------------------------------------------------ frees that are wrong

  @ParameterizedTest
  @ValueSource(strings = {"ouroboros_debug", "ouroboros"})
  void shouldLiveOnWhenGmpFreesTwiceOrWhatIsNotIts(String name) throws Exception {
    CLibrary gmp = Hosts.library(HostLibrary.GMP);
    Hosts.open(HostLibrary.GMP);
    CCall init = gmp.procedure("__gmpz_init_set_ui", CLibrary.POINTER, CLibrary.LONG);
    CCall clear = gmp.procedure("__gmpz_clear", CLibrary.POINTER);
    CCall functions =
        gmp.procedure(
            "__gmp_set_memory_functions", CLibrary.POINTER, CLibrary.POINTER, CLibrary.POINTER);
    try (Allocator allocator = Allocators.of(name);
        CExport export = CExport.of(allocator);
        Arena arena = Arena.ofConfined()) {
      functions.call(
          export.function(CFunction.MALLOC).address(),
          export.function(CFunction.SIZED_REALLOC).address(),
          export.function(CFunction.SIZED_FREE).address());
      try {
        MemorySegment number = arena.allocate(16, 8);
        init.call(number.address(), 7);
        MemorySegment copy = arena.allocate(16, 8).copyFrom(number);
        clear.call(number.address());
        assertThat(export.failures()).isZero();
        clear.call(copy.address());
        assertInvalidFrees(export, 1);

        copy.set(CLibrary.POINTER, 8, arena.allocate(64).address()); // not the allocator's
        clear.call(copy.address());
        assertInvalidFrees(export, 2);

        init.call(number.address(), 8);
        clear.call(number.address());
        assertThat(export.failures()).isEqualTo(2);
        assertThat(allocator.stats().liveBlocks()).isZero();
      } finally {
        functions.call(0, 0, 0);
      }
    }
  }

  private static void assertInvalidFrees(CExport export, int count) {
    assertThat(export.failures()).isEqualTo(count);
    CExport.Failure last = export.lastFailure().orElseThrow();
    assertThat(last.function()).isEqualTo(CFunction.FREE);
    assertThat(last.cause()).isInstanceOf(InvalidFreeException.class);
  }
}
