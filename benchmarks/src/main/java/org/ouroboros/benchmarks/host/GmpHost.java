package org.ouroboros.benchmarks.host;

import static org.ouroboros.benchmarks.host.CLibrary.INT;
import static org.ouroboros.benchmarks.host.CLibrary.LONG;
import static org.ouroboros.benchmarks.host.CLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.ouroboros.allocator.export.CExport;
import org.ouroboros.allocator.export.CFunction;
import org.ouroboros.benchmarks.host.HostException.Reason;

/**
 * GMP: a factorial, and whether two Mersenne numbers are prime. The library has one allocator for
 * all, and cannot tell whether numbers of another one are still there: who changes it must have
 * cleared them. It ends the process where it gets null, so it is not for allocators that run out;
 * one that gives null at once is refused.
 */
final class GmpHost implements Host {

  private static final String LEAST = "5.0.0";

  /** {@code mpz_t}: two ints and a pointer. */
  private static final int NUMBER = 16;

  private static final int DECIMAL = 10;
  private static final int FACTORIAL = 3_000;
  private static final int PRIME = 4_423;
  private static final int NO_PRIME = 4_421;
  private static final int ROUNDS = 15;

  /** There is one GMP in the process. */
  private static final ReentrantLock TURN = new ReentrantLock();

  private final String version;
  private final CCall setFunctions;
  private final CCall init;
  private final CCall clear;
  private final CCall factorial;
  private final CCall power;
  private final CCall minus;
  private final CCall isPrime;
  private final CCall sizeInBase;
  private final CCall toText;

  @SuppressWarnings("restricted")
  GmpHost(CLibrary library) throws HostException {
    MemorySegment text = library.find("__gmp_version").reinterpret(Long.BYTES);
    this.version = CLibrary.text(text.get(POINTER, 0));
    library.requireVersion(version, LEAST);
    this.setFunctions = library.procedure("__gmp_set_memory_functions", POINTER, POINTER, POINTER);
    this.init = library.procedure("__gmpz_init", POINTER);
    this.clear = library.procedure("__gmpz_clear", POINTER);
    this.factorial = library.procedure("__gmpz_fac_ui", POINTER, LONG);
    this.power = library.procedure("__gmpz_ui_pow_ui", POINTER, LONG, LONG);
    this.minus = library.procedure("__gmpz_sub_ui", POINTER, POINTER, LONG);
    this.isPrime = library.function("__gmpz_probab_prime_p", INT, POINTER, INT);
    this.sizeInBase = library.function("__gmpz_sizeinbase", LONG, POINTER, INT);
    this.toText = library.function("__gmpz_get_str", POINTER, POINTER, INT, POINTER);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public String run(CExport export) throws HostException {
    probe(export);
    TURN.lock();
    setFunctions.call(
        export.function(CFunction.MALLOC).address(),
        export.function(CFunction.SIZED_REALLOC).address(),
        export.function(CFunction.SIZED_FREE).address());
    try (Arena arena = Arena.ofConfined()) {
      long number = arena.allocate(NUMBER, Long.BYTES).address();
      init.call(number);
      try {
        return work(arena, number);
      } finally {
        clear.call(number);
      }
    } finally {
      setFunctions.call(0, 0, 0); // the C library's again
      TURN.unlock();
    }
  }

  /** Asks for a block as GMP would, and gives it back. */
  @SuppressWarnings("restricted")
  private static void probe(CExport export) throws HostException {
    Linker linker = Linker.nativeLinker();
    CFunction malloc = CFunction.MALLOC;
    CFunction free = CFunction.FREE;
    CCall allocate = new CCall(linker.downcallHandle(export.function(malloc), malloc.descriptor()));
    long block = allocate.call((long) NUMBER);
    if (block == 0) {
      throw new HostException(
          Reason.NO_MEMORY,
          "the allocator gives null, and GMP would end the process: choose another allocator");
    }
    new CCall(linker.downcallHandle(export.function(free), free.descriptor())).call(block);
  }

  private String work(Arena arena, long number) throws HostException {
    factorial.call(number, FACTORIAL);
    BigInteger expected = BigInteger.ONE;
    for (int n = 2; n <= FACTORIAL; n++) {
      expected = expected.multiply(BigInteger.valueOf(n));
    }
    HostException.check(FACTORIAL + "!", decimal(arena, number), expected.toString());
    mersenne(arena, number, NO_PRIME);
    HostException.check("2^" + NO_PRIME + "-1", isPrime.call(number, ROUNDS) != 0, false);
    mersenne(arena, number, PRIME);
    HostException.check("2^" + PRIME + "-1", isPrime.call(number, ROUNDS) != 0, true);
    return FACTORIAL + "! is right, 2^" + PRIME + "-1 is prime, 2^" + NO_PRIME + "-1 is not";
  }

  private void mersenne(Arena arena, long number, int exponent) throws HostException {
    power.call(number, 2, exponent);
    minus.call(number, number, 1);
    HostException.check(
        "2^" + exponent + "-1",
        decimal(arena, number),
        BigInteger.TWO.pow(exponent).subtract(BigInteger.ONE).toString());
  }

  private String decimal(Arena arena, long number) {
    long text = arena.allocate(sizeInBase.call(number, DECIMAL) + 2).address();
    return CLibrary.text(toText.call(text, DECIMAL, number));
  }
}
