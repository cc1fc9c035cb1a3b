/**
 * Figures of heaps for threads and processes that must not touch them.
 *
 * <p>A confined heap belongs to its thread, so nobody else can ask it. It publishes instead, at the
 * ends of its collections and when its owner says so; others see what was published last:
 *
 * <pre>{@code
 * HeapPublisher publisher = HeapPublisher.of(heap); // on the heap's thread
 * ...
 * long live = publisher.latest().heap().liveObjects(); // on any
 * }</pre>
 *
 * <p>The same figures go to the {@linkplain org.ouroboros.allocator.statistics statistics file} of
 * the process if that is on, and to {@linkplain org.ouroboros.collector.management JMX}. A heap
 * that is made while the file is on is listed by itself; its owner may call
 *
 * <pre>{@code
 * HeapStatistics.publish(heap);
 * }</pre>
 *
 * <p>where it has time, once a second for instance, if the heap seldom collects.
 */
@NullMarked
package org.ouroboros.collector.statistics;

import org.jspecify.annotations.NullMarked;
