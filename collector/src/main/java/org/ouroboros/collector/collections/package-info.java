/**
 * Collections whose entries live in a {@link org.ouroboros.collector.Heap}: {@linkplain
 * org.ouroboros.collector.collections.Strings strings}, {@linkplain
 * org.ouroboros.collector.collections.Bytes byte arrays}, lists, hash maps and a bounded cache. A
 * collection is an object like any other: named by a reference, counted, found by the collector if
 * it is part of a cycle. {@link org.ouroboros.collector.collections.HeapCollection} says what holds
 * for all of them.
 *
 * <pre>{@code
 * try (Heap heap = Heap.ofConfined();
 *     LocalScope scope = heap.openScope()) {
 *   StringRefMap maps = new StringRefMap(heap); // the face of all such maps of this heap
 *   RefList lists = new RefList(heap);
 *   long index = scope.own(maps.allocate());
 *   for (String word : "a rose is a rose".split(" ", -1)) {
 *     long places = maps.get(index, word);
 *     if (places == Heap.NULL) {
 *       maps.putMoved(index, word, lists.allocate());
 *       places = maps.get(index, word);
 *     }
 *     lists.add(places, index); // a cycle, which costs nothing until it is garbage
 *   }
 *   System.out.println(lists.size(maps.get(index, "rose"))); // 2
 * }
 * }</pre>
 */
@NullMarked
package org.ouroboros.collector.collections;

import org.jspecify.annotations.NullMarked;
