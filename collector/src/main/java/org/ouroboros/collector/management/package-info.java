/**
 * Heaps as JMX beans, for consoles and monitoring agents.
 *
 * <pre>{@code
 * try (Heap heap = Heap.ofConfined(HeapOptions.DEFAULT.withName("graph"));
 *     HeapRegistration bean = HeapManagement.register(heap)) {
 *   ... // jconsole shows org.ouroboros:type=Heap,name=graph
 *   bean.publish(); // if the heap seldom collects
 * }
 * }</pre>
 *
 * <p>This package alone needs the module {@code java.management}. The JVM has it on the class path;
 * a modular program that does not require it starts with {@code --add-modules java.management}.
 * Where it is absent all else works.
 */
@NullMarked
package org.ouroboros.collector.management;

import org.jspecify.annotations.NullMarked;
