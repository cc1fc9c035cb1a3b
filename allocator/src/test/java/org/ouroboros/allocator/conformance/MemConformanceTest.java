package org.ouroboros.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroboros.allocator.AllocationFailedException;
import org.ouroboros.allocator.Allocator;
import org.ouroboros.allocator.AllocatorUnavailableException;
import org.ouroboros.allocator.Allocators;
import org.ouroboros.allocator.Domain;
import org.ouroboros.allocator.Domains;
import org.ouroboros.allocator.FailingAllocator;
import org.ouroboros.allocator.ForwardingAllocator;
import org.ouroboros.allocator.InvalidFreeException;
import org.ouroboros.allocator.OuroborosAllocator;
import org.ouroboros.allocator.SwapRefusedException;
import org.ouroboros.allocator.debug.BlockReport;
import org.ouroboros.allocator.debug.DamagedBlockException;
import org.ouroboros.allocator.debug.DebugAllocator;
import org.ouroboros.allocator.debug.DebugOptions;
import org.ouroboros.allocator.debug.InvalidBlockException;

/**
 * What CPython's {@code test_capi.test_mem} and {@code Modules/_testcapi/mem.c} assert, of the
 * domains and the debugger. {@code CONFORMANCE.md} has the table.
 */
class MemConformanceTest {

  private final Allocator allocator = OuroborosAllocator.create();

  @AfterEach
  void close() {
    allocator.close();
  }

  /** test_pymem_setrawallocators, test_pymem_setallocators, test_pyobject_setallocators. */
  @ParameterizedTest
  @EnumSource(Domain.class)
  void shouldCallTheHookWithExactArgumentsWhenItIsSet(Domain domain) {
    Domains domains = Domains.startingWith(allocator);
    Hook hook = new Hook(domains.current(domain));
    Allocator old = domains.set(domain, hook);

    Allocator face = domains.get(domain);
    long block = face.malloc(42);
    long moved = face.realloc(block, 200);
    face.free(moved);
    long zeroed = face.calloc(2, 5);
    face.free(zeroed);

    assertThat(hook.calls)
        .containsExactly(
            "malloc 42",
            "realloc " + block + " 200",
            "free " + moved,
            "calloc 2 5",
            "free " + zeroed);
    assertThat(domains.set(domain, old)).isSameAs(hook);
    face.free(face.malloc(1));
    assertThat(hook.calls).hasSize(5);
  }

  /** test_pymem_alloc0. */
  @ParameterizedTest
  @EnumSource(Domain.class)
  void shouldGiveABlockWhenNothingIsAskedFor(Domain domain) {
    Allocator face = Domains.startingWith(allocator).get(domain);
    List<Long> blocks = List.of(face.malloc(0), face.calloc(0, 0), face.realloc(0, 0));
    assertThat(blocks).doesNotContain(0L).doesNotHaveDuplicates();
    blocks.forEach(face::free);
  }

  /** test_pyobject_new. */
  @Test
  void shouldServeObjectsThroughTheirDomainWhenAllocated() {
    Domains domains = Domains.startingWith(allocator);
    Hook hook = new Hook(domains.current(Domain.OBJECT));
    domains.set(Domain.OBJECT, hook);
    domains.get(Domain.OBJECT).free(domains.get(Domain.OBJECT).allocate(64, 16));
    domains.get(Domain.MEM).free(domains.get(Domain.MEM).malloc(64));
    assertThat(hook.calls).hasSize(2).first().isEqualTo("malloc 64");
  }

  /** test_buffer_overflow, and run under malloc_debug, pymalloc_debug, mimalloc_debug. */
  @ParameterizedTest
  @SuppressWarnings("restricted")
  @ValueSource(strings = {"ouroboros_debug", "libc_debug", "mimalloc_debug"})
  void shouldReportWhenAByteBehindSixteenIsWritten(String name) {
    try (Allocator debug = Allocators.of(name)) {
      long block = debug.malloc(16);
      MemorySegment.ofAddress(block).reinterpret(17).set(ValueLayout.JAVA_BYTE, 16, (byte) 'x');
      assertThatExceptionOfType(DamagedBlockException.class)
          .isThrownBy(() -> debug.free(block))
          .satisfies(e -> assertThat(e.offset()).isEqualTo(16))
          .withMessageContaining("16 bytes, domain m")
          .withMessageContaining("[78] fd  fd  fd");
    } catch (AllocatorUnavailableException e) {
      abort(e.getMessage());
    }
  }

  /** test_api_misuse. */
  @Test
  void shouldRefuseWhenABlockIsFreedInAnotherDomain() {
    try (DebugAllocator debug = DebugAllocator.wrap(OuroborosAllocator.create())) {
      Domains domains = Domains.startingWith(debug);
      long block = domains.get(Domain.MEM).malloc(16);
      assertThatExceptionOfType(InvalidBlockException.class)
          .isThrownBy(() -> domains.get(Domain.RAW).free(block))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(InvalidFreeException.Kind.WRONG_DOMAIN))
          .withMessageContaining("domain m (MEM)");
      assertThat(domains.liveBlocks(Domain.RAW)).isZero();
      domains.get(Domain.MEM).free(block);
    }
  }

  /** test_pymem_malloc_without_gil, test_pyobject_malloc_without_gil: the wrong thread. */
  @Test
  void shouldRefuseWhenTheThreadIsNotTheOwner() throws Exception {
    OuroborosAllocator shared = OuroborosAllocator.create();
    Allocator confined = Allocators.decorate(shared.confined(), "debug");
    List<Throwable> thrown = new ArrayList<>();
    Thread other =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((thread, e) -> thrown.add(e))
            .start(() -> confined.malloc(10));
    other.join();
    assertThat(thrown).singleElement().isInstanceOf(WrongThreadException.class);
    confined.close();
    shared.close();
  }

  /** test_pyobject_null_is_freed, _uninitialized_, _forbidden_bytes_, _freed_is_freed. */
  @Test
  void shouldTellWhetherABlockIsDeadWhenAsked() {
    try (DebugAllocator debug = DebugAllocator.wrap(OuroborosAllocator.create())) {
      long block = debug.malloc(16);
      assertThat(debug.blockAt(0)).isEmpty();
      assertThat(debug.blockAt(0xFDFDFDFDFDFDFDFDL)).isEmpty();
      assertThat(debug.blockAt(0xCDCDCDCDCDCDCDCDL)).isEmpty();
      assertThat(debug.blockAt(block).orElseThrow().state()).isEqualTo(BlockReport.State.LIVE);
      debug.free(block);
      assertThat(debug.blockAt(block).orElseThrow().state()).isNotEqualTo(BlockReport.State.LIVE);
    }
  }

  /** test_set_nomemory. */
  @Test
  void shouldFailTheNthAllocationWhenToldTo() {
    Domains domains = Domains.startingWith(allocator);
    FailingAllocator failing = new FailingAllocator(domains.current(Domain.MEM));
    domains.set(Domain.MEM, failing);
    Allocator face = domains.get(Domain.MEM);
    long kept = face.malloc(10);

    failing.failFrom(2, 4);
    face.free(face.malloc(1));
    long block = face.calloc(1, 1);
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(() -> face.realloc(block, 100))
        .withMessageContaining("call 2 was told to fail");
    assertThatExceptionOfType(AllocationFailedException.class)
        .isThrownBy(() -> face.alignedAlloc(64, 1));
    face.free(face.realloc(block, 100));
    assertThat(domains.liveBlocks(Domain.MEM)).isEqualTo(1);

    failing.failFrom(0, 0);
    for (int i = 0; i < 10; i++) {
      assertThatExceptionOfType(AllocationFailedException.class)
          .isThrownBy(() -> face.malloc(1))
          .satisfies(e -> assertThat(e.requestedBytes()).isEqualTo(1));
    }
    assertThat(failing.calls()).isEqualTo(10);
    failing.stopFailing();
    assertThatCode(failing::stopFailing).doesNotThrowAnyException();
    face.free(face.malloc(1));
    domains.set(Domain.MEM, allocator);
    face.free(kept);
  }

  /** PyMem_SetupDebugHooks, which may only be called before there are blocks. */
  @Test
  void shouldRefuseTheDebuggerWhenBlocksAreLive() {
    Domains domains = Domains.startingWith(allocator);
    Allocator face = domains.get(Domain.MEM);
    long block = face.malloc(10);
    DebugAllocator debug = DebugAllocator.wrap(allocator, DebugOptions.DEFAULT);

    assertThatExceptionOfType(SwapRefusedException.class)
        .isThrownBy(() -> domains.set(Domain.MEM, debug))
        .satisfies(e -> assertThat(e.liveBlocks()).isEqualTo(1))
        .withMessageContaining("1 block is live");
    face.free(block);
    domains.set(Domain.MEM, debug);
    assertThat(face.name()).isEqualTo("ouroboros_debug");
  }

  /** Every row of the table names a test of this class. */
  @Test
  void shouldHaveATestForEachRowWhenTheTableIsRead() throws Exception {
    List<String> methods =
        Stream.of(MemConformanceTest.class.getDeclaredMethods())
            .filter(method -> method.getName().startsWith("should"))
            .map(Method::getName)
            .toList();
    List<String> named =
        Files.readAllLines(Path.of("CONFORMANCE.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", -1)[3].strip().replace("`", ""))
            .filter(name -> name.startsWith("should"))
            .toList();
    assertThat(methods).containsAll(named);
    assertThat(named)
        .containsAll(
            methods.stream()
                .filter(name -> !name.equals("shouldHaveATestForEachRowWhenTheTableIsRead"))
                .toList());
  }

  /** Writes down its calls. */
  private static final class Hook extends ForwardingAllocator {
    private final List<String> calls = new ArrayList<>();

    Hook(Allocator inner) {
      super(inner, inner.name() + "_hook");
    }

    @Override
    public long malloc(long size) {
      calls.add("malloc " + size);
      return super.malloc(size);
    }

    @Override
    public long calloc(long count, long size) {
      calls.add("calloc " + count + " " + size);
      return super.calloc(count, size);
    }

    @Override
    public long realloc(long address, long size) {
      calls.add("realloc " + address + " " + size);
      return super.realloc(address, size);
    }

    @Override
    public void free(long address) {
      calls.add("free " + address);
      super.free(address);
    }
  }
}
