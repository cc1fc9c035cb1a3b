package org.ouroboros.allocator.export;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The signatures in which C libraries ask for an allocator. Pointers and {@code size_t} have 64
 * bits, {@code int} and {@code unsigned} 32. Contexts ({@code void *context}, by others called
 * opaque, user data, closure) are taken and not looked at: an export knows its allocator.
 *
 * <p>What all have in common is told by {@link CExport}.
 */
public enum CFunction {

  /** {@code void *malloc(size_t size)}. */
  MALLOC("malloc", long.class, long.class),

  /** {@code void *calloc(size_t count, size_t size)}; null if the product overflows. */
  CALLOC("calloc", long.class, long.class, long.class),

  /** {@code void *realloc(void *block, size_t size)}; size 0 does not free. */
  REALLOC("realloc", long.class, long.class, long.class),

  /** {@code void free(void *block)}. */
  FREE("free", void.class, long.class),

  /** {@code void *aligned_alloc(size_t alignment, size_t size)}; {@code memalign} too. */
  ALIGNED_ALLOC("alignedAlloc", long.class, long.class, long.class),

  /** {@code size_t malloc_usable_size(void *block)}; 0 of null. */
  USABLE_SIZE("usableSize", long.class, long.class),

  /** {@code void *malloc(void *context, size_t size)}: CPython, zstd, brotli. */
  CONTEXT_MALLOC("contextMalloc", long.class, long.class, long.class),

  /** {@code void *calloc(void *context, size_t count, size_t size)}: CPython; liblzma's alloc. */
  CONTEXT_CALLOC("contextCalloc", long.class, long.class, long.class, long.class),

  /** {@code void *realloc(void *context, void *block, size_t size)}: CPython, ICU. */
  CONTEXT_REALLOC("contextRealloc", long.class, long.class, long.class, long.class),

  /** {@code void free(void *context, void *block)}: CPython, zlib, zstd, bzip2, brotli. */
  CONTEXT_FREE("contextFree", void.class, long.class, long.class),

  /** {@code void *malloc(size_t size, void *context)}: PCRE2, nghttp2. */
  MALLOC_CONTEXT("mallocContext", long.class, long.class, long.class),

  /** {@code void *calloc(size_t count, size_t size, void *context)}: nghttp2. */
  CALLOC_CONTEXT("callocContext", long.class, long.class, long.class, long.class),

  /** {@code void *realloc(void *block, size_t size, void *context)}: nghttp2. */
  REALLOC_CONTEXT("reallocContext", long.class, long.class, long.class, long.class),

  /** {@code void free(void *block, void *context)}: PCRE2, nghttp2. */
  FREE_CONTEXT("freeContext", void.class, long.class, long.class),

  /** {@code void free(void *block, size_t size)}: GMP. The size is not needed. */
  SIZED_FREE("sizedFree", void.class, long.class, long.class),

  /**
   * {@code void *realloc(void *block, size_t old_size, size_t size)}: GMP, which ends the process
   * when it gets null. The old size is not needed.
   */
  SIZED_REALLOC("sizedRealloc", long.class, long.class, long.class, long.class),

  /**
   * {@code void *alloc(void *context, void *block, size_t old_size, size_t size)}, all in one: size
   * 0 frees and gives null, null allocates, anything else resizes. Lua.
   */
  COMBINED("combined", long.class, long.class, long.class, long.class, long.class),

  /** {@code void *alloc(void *context, unsigned items, unsigned size)}: zlib; bzip2 with ints. */
  CONTEXT_ITEMS("contextItems", long.class, long.class, int.class, int.class),

  /** {@code void *malloc(int size)}: SQLite. */
  INT_MALLOC("intMalloc", long.class, int.class),

  /** {@code void *realloc(void *block, int size)}: SQLite. */
  INT_REALLOC("intRealloc", long.class, long.class, int.class),

  /** {@code int usable_size(void *block)}: SQLite's {@code xSize}. */
  INT_USABLE_SIZE("intUsableSize", int.class, long.class),

  /** {@code int round_up(int size)}: SQLite's {@code xRoundup}; to a multiple of 16. */
  INT_ROUND_UP("intRoundUp", int.class, int.class);

  private final String method;

  @SuppressWarnings("Immutable") // it is
  private final MethodType type;

  CFunction(String method, Class<?> result, Class<?>... parameters) {
    this.method = method;
    this.type = MethodType.methodType(result, parameters);
  }

  /**
   * The signature for a linker: {@link ValueLayout#JAVA_LONG} stands for pointers and {@code
   * size_t}, {@link ValueLayout#JAVA_INT} for {@code int} and {@code unsigned}.
   *
   * @return the descriptor, equal at every call
   */
  public FunctionDescriptor descriptor() {
    MemoryLayout[] parameters =
        type.parameterList().stream().map(CFunction::layout).toArray(MemoryLayout[]::new);
    return type.returnType() == void.class
        ? FunctionDescriptor.ofVoid(parameters)
        : FunctionDescriptor.of(layout(type.returnType()), parameters);
  }

  private static MemoryLayout layout(Class<?> type) {
    return type == int.class ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG;
  }

  /**
   * What a stub calls.
   *
   * @param calls a copy of {@link CCalls}
   */
  MethodHandle target(MethodHandles.Lookup calls) {
    try {
      return calls.findStatic(calls.lookupClass(), method, type);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(this + " has no method in CCalls", e);
    }
  }
}
