/**
 * Allocators as JMX beans, for consoles and monitoring agents.
 *
 * <pre>{@code
 * try (OuroborosAllocator allocator = OuroborosAllocator.create();
 *     Registration bean = AllocatorManagement.register(allocator, "buffers")) {
 *   ... // jconsole shows org.ouroboros:type=Allocator,name=buffers
 * }
 * }</pre>
 *
 * <p>This package alone needs the module {@code java.management}. The JVM has it on the class path;
 * a modular program that does not require it starts with {@code --add-modules java.management}.
 * Where it is absent all else works.
 */
@NullMarked
package org.ouroboros.allocator.management;

import org.jspecify.annotations.NullMarked;
