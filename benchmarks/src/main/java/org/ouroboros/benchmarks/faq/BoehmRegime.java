package org.ouroboros.benchmarks.faq;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.ouroboros.allocator.bdwgc.BoehmAllocator;
import org.ouroboros.allocator.bdwgc.BoehmRoot;
import org.ouroboros.benchmarks.faq.Descriptors.TooManyFilesException;

/**
 * Boehm's collector: libgc calls a finalizer for what it finds dropped. {@link BoehmAllocator} has
 * no finalizers, so libgc's own are called directly: registered with the descriptor as their data,
 * and run on this thread after each collection ({@code GC_set_finalize_on_demand}).
 *
 * <p>There is one libgc in a process, so there is one of these at a time.
 */
@SuppressWarnings("restricted")
final class BoehmRegime implements Regime {

  private static final String LIBRARY = "libgc.so.1";
  private static final long BLOCK_BYTES = 16;

  private final Descriptors files;
  private final BoehmAllocator gc = BoehmAllocator.create();
  private final BoehmRoot f = gc.newRoot(0);
  private final Arena arena = Arena.ofShared();
  private final long finalizer;
  private final MethodHandle register;
  private final MethodHandle invokeFinalizers;

  /**
   * Starts libgc.
   *
   * @throws org.ouroboros.allocator.AllocatorUnavailableException if it is not there
   */
  BoehmRegime(Descriptors files) {
    this.files = files;
    SymbolLookup libgc = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    Linker linker = Linker.nativeLinker();
    this.register =
        linker.downcallHandle(
            libgc.findOrThrow("GC_register_finalizer_no_order"),
            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    this.invokeFinalizers =
        linker.downcallHandle(
            libgc.findOrThrow("GC_invoke_finalizers"), FunctionDescriptor.of(JAVA_INT));
    MethodHandle onDemand =
        linker.downcallHandle(
            libgc.findOrThrow("GC_set_finalize_on_demand"), FunctionDescriptor.ofVoid(JAVA_INT));
    try {
      onDemand.invokeExact(1);
      MethodHandle closeFile =
          MethodHandles.lookup()
              .bind(this, "closeFile", MethodType.methodType(void.class, long.class, long.class));
      finalizer =
          linker
              .upcallStub(closeFile, FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG), arena)
              .address();
    } catch (Throwable t) {
      throw new AssertionError("libgc cannot be called", t);
    }
  }

  // FAQ
  // Boehm's collector: libgc calls a finalizer when nothing leads to the block any more
  @Override
  public void next() throws TooManyFilesException, IOException {
    int fd = files.open();
    try (BoehmRoot opened = gc.newBlock(BLOCK_BYTES)) {
      onDeath(opened.address(), fd);
      f.set(opened.address());
    }
  }

  @Override
  public void collect() {
    gc.collect();
    runFinalizers();
  }

  // FAQ end

  /** {@code GC_register_finalizer_no_order(block, closeFile, fd, NULL, NULL)}. */
  private void onDeath(long block, long fd) {
    try {
      register.invokeExact(block, finalizer, fd, 0L, 0L);
    } catch (Throwable t) {
      throw new AssertionError("libgc cannot be called", t);
    }
  }

  private void runFinalizers() {
    try {
      int _ = (int) invokeFinalizers.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError("libgc cannot be called", t);
    }
  }

  /** Called by libgc. Whatever it threw would end the JVM. */
  @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // by name, in the order of libgc
  private void closeFile(long block, long fd) {
    try {
      files.close((int) fd);
    } catch (RuntimeException e) {
      System.out.println("failed " + e);
    }
  }

  @Override
  public void close() {
    f.set(0);
    collect();
    f.close();
    gc.close();
  }
}
