package org.ouroboros.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Libraries by path: {@code native:LIBRARY:PREFIX}. */
class NativeLibraryTest {

  private static final String MIMALLOC = "native:libmimalloc.so.2:mi_";

  private static Allocator available(String name) {
    try {
      return Allocators.of(name);
    } catch (AllocatorUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  @Nested
  class MimallocByName extends AllocatorContractTest {
    @Override
    protected Allocator create() {
      return available(MIMALLOC);
    }
  }

  @Test
  void shouldTakeSuffixesWhenTheNameHasUnderscores() {
    try (Allocator debug = available(MIMALLOC + "_debug")) {
      assertThat(debug.name()).isEqualTo(MIMALLOC + "_debug");
      debug.free(debug.malloc(10));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "native:/does/not/exist.so, 'give the path of a shared library'",
    "native:, 'write native:LIBRARY or native:LIBRARY:PREFIX'",
    "native::mi_, 'write native:LIBRARY or native:LIBRARY:PREFIX'",
    "native:libm.so.6, 'libm.so.6 has no function malloc of its own'",
    "native:libm.so.6:no_, 'libm.so.6 has no function no_malloc of its own, nor one without'",
    "native:libc.so.6_lout, 'libc.so.6_lout'"
  })
  void shouldSayWhatAndTheCureWhenTheLibraryIsOfNoUse(String name, String reason) {
    assertThatExceptionOfType(AllocatorUnavailableException.class)
        .isThrownBy(() -> Allocators.of(name))
        .withMessageContaining(reason)
        .satisfies(e -> assertThat(e.name()).isEqualTo(name));
  }
}
