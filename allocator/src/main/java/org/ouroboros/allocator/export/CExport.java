package org.ouroboros.allocator.export;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ouroboros.allocator.Allocator;

/**
 * An allocator as C function pointers, for libraries that let an embedder replace {@code malloc}
 * and {@code free}.
 *
 * <p>
 *
 * {@snippet :
 * try (CExport export = CExport.of(Allocators.of("ouroboros"))) {
 *   stream.set(ADDRESS, 64, export.function(CFunction.CONTEXT_ITEMS)); // z_stream.zalloc
 *   stream.set(ADDRESS, 72, export.function(CFunction.CONTEXT_FREE)); // z_stream.zfree
 * }
 * }
 *
 * <p>What C may rely on:
 *
 * <ul>
 *   <li>Blocks are aligned to 16 bytes; size 0 gives a distinct block; {@code realloc} to 0 does
 *       not free; {@code free(NULL)} does nothing.
 *   <li>Nothing is thrown into C. What fails gives null (of {@code free}: does nothing), leaves the
 *       allocator and the block as they were, and is kept: {@link #failures()}, {@link
 *       #lastFailure()}. {@code errno} is not set. A block freed twice or never allocated here is
 *       such a failure where the allocator tells ({@code ouroboros}, {@code _debug}), and undefined
 *       where it does not.
 *   <li>Threads that C has made may call: the JVM attaches them at their first call, which takes
 *       some 100 us, and lets go of them when they end. Whether the allocator can be used by more
 *       than one thread is its own affair ({@code threadSafe}).
 *   <li>A call from inside a call of the same thread and export is refused, see {@link
 *       ReentrantCallException}.
 *   <li>The pointers stay valid until the JVM ends, also when the export or the allocator is
 *       closed: allocating gives null then, and freeing does nothing.
 * </ul>
 *
 * <p>A call from C into Java and back takes some 25 to 50 ns more than the allocator itself, so
 * this is for libraries that allocate rarely or much at a time, or where it matters who counts the
 * bytes. Each function that is asked for keeps a stub of about a kilobyte for good.
 *
 * <p>A stack that is used up inside a call cannot be told to C, it ends the JVM: threads that call
 * need some 64 KiB more than the library itself.
 *
 * <p>Thread rule: any thread.
 */
public final class CExport implements AutoCloseable {

  private final Allocator allocator;
  private final Callers callers = new Callers();
  private final Failures failures = new Failures();

  /** Its own copy of {@link CCalls}. */
  private final MethodHandles.Lookup calls;

  /** Guarded by itself. */
  private final Map<CFunction, MemorySegment> stubs = new EnumMap<>(CFunction.class);

  private CExport(Allocator allocator) {
    this.allocator = allocator;
    this.calls = new Served(allocator, callers, failures).define();
  }

  /**
   * Exports an allocator.
   *
   * @param allocator open; it is neither owned nor closed by the export, and must not be closed
   *     before it
   * @return the export
   */
  public static CExport of(Allocator allocator) {
    return new CExport(Objects.requireNonNull(allocator, "allocator"));
  }

  /**
   * A function of the allocator.
   *
   * @param function its signature
   * @return a pointer to it, the same at every call, valid until the JVM ends
   * @throws IllegalStateException if the export is closed
   * @throws IllegalCallerException if the module of this library has no native access
   */
  @SuppressWarnings("restricted")
  public MemorySegment function(CFunction function) {
    Objects.requireNonNull(function, "function");
    synchronized (stubs) {
      MemorySegment stub = stubs.get(function);
      if (stub == null) {
        if (callers.isClosed()) {
          throw new IllegalStateException(this + " is closed");
        }
        if (!CExport.class.getModule().isNativeAccessEnabled()) {
          throw new IllegalCallerException(
              "C cannot call into Java without native access: start the JVM with"
                  + " --enable-native-access=org.ouroboros.allocator (or ALL-UNNAMED)");
        }
        stub =
            Linker.nativeLinker()
                .upcallStub(function.target(calls), function.descriptor(), Arena.global());
        stubs.put(function, stub);
      }
      return stub;
    }
  }

  /**
   * What the functions allocate from.
   *
   * @return the allocator
   */
  public Allocator allocator() {
    return allocator;
  }

  /**
   * How many calls failed, those after {@link #close} among them.
   *
   * @return calls
   */
  public long failures() {
    return failures.count();
  }

  /**
   * The call that failed last.
   *
   * @return empty if none did
   */
  public Optional<Failure> lastFailure() {
    return Optional.ofNullable(failures.last());
  }

  /**
   * Refuses further calls, and waits until those that other threads are in are over. Blocks stay
   * live: what C frees from now on is kept, and goes when the allocator is closed. Not to be called
   * from inside a call. Closing twice does nothing.
   */
  @Override
  public void close() {
    callers.close();
  }

  @Override
  public String toString() {
    return "export of " + allocator.name();
  }

  /**
   * A call of C's that failed.
   *
   * @param function which; those with a context, a size or ints that do the same count as the plain
   *     one
   * @param block the block that was given, 0 if none
   * @param size the bytes that were asked for, 0 if none
   * @param cause what the allocator threw
   */
  public record Failure(CFunction function, long block, long size, Throwable cause) {}
}
