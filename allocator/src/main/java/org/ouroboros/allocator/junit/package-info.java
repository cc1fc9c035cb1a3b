/**
 * For JUnit Jupiter 5 and 6: {@link org.ouroboros.allocator.junit.LeakCheck} makes tests fail that
 * leave blocks of an allocator, or objects of a heap, behind.
 *
 * <pre>{@code
 * @LeakCheck
 * class CodecTest {
 *
 *   private final Allocator allocator = Allocators.of("ouroboros_debug");
 *
 *   @Test
 *   void encodes() {
 *     MemorySegment buffer = new Codec(allocator).encode("text");
 *     assertEquals(4, buffer.byteSize());
 *   } // fails: ouroboros_debug: 1 block (4 bytes) live ... at Codec.encode(Codec.java:12) ...
 * }
 * }</pre>
 *
 * <p>JUnit is an optional dependency: programs that do not use this package need it not. The module
 * does not require it, since build tools have JUnit on the class path of tests. So where tests run
 * on the module path, give {@code --add-reads org.ouroboros.allocator=ALL-UNNAMED}.
 */
@NullMarked
package org.ouroboros.allocator.junit;

import org.jspecify.annotations.NullMarked;
